package dev.gambeson.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value is in a text, from {@code start} to {@code end} (exclusive), with its anchors and
 * tags. A collection in block style ends with its last value: comments and blank lines after it are
 * not part of it.
 */
sealed interface SourceNode {
  int start();

  int end();

  /** A scalar; {@code start} equals {@code end} for a null that is not written. */
  record Scalar(int start, int end) implements SourceNode {}

  /** {@code *name}. */
  record Alias(int start, int end, SourceNode target) implements SourceNode {}

  record Sequence(int start, int end, boolean flow, List<SourceNode> items) implements SourceNode {}

  record Mapping(int start, int end, boolean flow, List<Entry> entries) implements SourceNode {}

  /**
   * An entry of a mapping.
   *
   * @param start of the key, or of the {@code ?} before it
   * @param name the key in JSON; null for a merge key
   */
  record Entry(int start, @Nullable String name, SourceNode key, SourceNode value) {

    int end() {
      return Math.max(key.end(), value.end());
    }
  }
}
