/** The way of a review: decode, fix, check, answer. */
@NullMarked
package dev.gambeson.admission;

import org.jspecify.annotations.NullMarked;
