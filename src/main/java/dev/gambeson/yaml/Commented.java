package dev.gambeson.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A value for {@link YamlWriter} with a comment behind it.
 *
 * @param value a scalar, or null
 */
public record Commented(@Nullable Object value, String comment) {}
