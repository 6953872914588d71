package dev.gambeson.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A value for {@link YamlWriter}, followed by a comment.
 *
 * @param value a scalar, or null
 */
public record CommentedValue(@Nullable Object value, String comment) {}
