package dev.gambeson.pod;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a JSON Patch (RFC 6902).
 *
 * @param path where; an {@code add} whose last segment is {@code "-"} appends to a list
 * @param value a scalar, list, map or model object, as the Kubernetes API spells it once
 *     serialized; null for {@code remove}
 */
public record PatchOperation(Op op, FieldPath path, @Nullable Object value) {
  /** The operations that Gambeson writes. */
  public enum Op {
    ADD,
    REPLACE,
    REMOVE
  }
}
