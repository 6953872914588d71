/**
 * The parts that pods usually have, from JSON into the Kubernetes model and back, without
 * reflection.
 */
@NullMarked
package dev.gambeson.model;

import org.jspecify.annotations.NullMarked;
