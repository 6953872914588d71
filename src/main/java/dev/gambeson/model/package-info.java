/** Pods of the usual shape, from JSON into the Kubernetes model without reflection. */
@NullMarked
package dev.gambeson.model;

import org.jspecify.annotations.NullMarked;
