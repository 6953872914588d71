package dev.gambeson.pod;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a JSON Patch (RFC 6902).
 *
 * @param path where; an {@code add} whose last segment is {@code "-"} appends to a list, one whose
 *     last segment is a position inserts there
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

  /** Whether what stands in a list from the path on moves by one. */
  public boolean isInsertion() {
    return op == Op.ADD && path.last() instanceof Integer;
  }
}
