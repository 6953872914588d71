package dev.gambeson.explain;

import dev.gambeson.pod.FieldPath;

/**
 * A field to write into the template.
 *
 * @param path in the pod as it is
 * @param value a scalar, list or map; a {@code CommentedValue} without a value where only the
 *     author knows it
 */
record Setting(FieldPath path, Object value) {}
