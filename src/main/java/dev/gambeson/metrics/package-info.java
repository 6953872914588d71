/** The Prometheus metrics. */
@NullMarked
package dev.gambeson.metrics;

import org.jspecify.annotations.NullMarked;
