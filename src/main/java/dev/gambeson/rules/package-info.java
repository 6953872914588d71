/** The rules: one file each, with its fix, its check and its options; and their catalogue. */
@NullMarked
package dev.gambeson.rules;

import org.jspecify.annotations.NullMarked;
