/** The page on which manifests are tried, and the answers to its questions. */
@NullMarked
package dev.gambeson.playground;

import org.jspecify.annotations.NullMarked;
