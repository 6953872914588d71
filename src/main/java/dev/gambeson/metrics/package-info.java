/** What Gambeson counts. */
@NullMarked
package dev.gambeson.metrics;

import org.jspecify.annotations.NullMarked;
