/** Releases, and what a cluster holds: the only package that calls the API server. */
@NullMarked
package dev.gambeson.cluster;

import org.jspecify.annotations.NullMarked;
