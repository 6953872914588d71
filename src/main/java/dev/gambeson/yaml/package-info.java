/** YAML as Kubernetes reads it, with the position of every value. */
@NullMarked
package dev.gambeson.yaml;

import org.jspecify.annotations.NullMarked;
