package dev.gambeson.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as it stands in a text, from {@code start} to {@code end} (exclusive), anchors and tags
 * with it. A collection in block style ends where its last value does: comments and blank lines
 * that follow are not part of it.
 */
sealed interface SourceNode {
  int start();

  int end();

  /** A scalar; {@code start} is {@code end} where nothing stands for null. */
  record Scalar(int start, int end) implements SourceNode {}

  /** {@code *name}. */
  record Alias(int start, int end, SourceNode target) implements SourceNode {}

  record Sequence(int start, int end, boolean flow, List<SourceNode> items) implements SourceNode {}

  record Mapping(int start, int end, boolean flow, List<Entry> entries) implements SourceNode {}

  /**
   * An entry of a mapping.
   *
   * @param start of the key, or of the {@code ?} before it
   * @param name the key as JSON has it; null for a merge key
   */
  record Entry(int start, @Nullable String name, SourceNode key, SourceNode value) {

    int end() {
      return Math.max(key.end(), value.end());
    }
  }
}
