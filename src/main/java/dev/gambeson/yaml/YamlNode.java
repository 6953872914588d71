package dev.gambeson.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value as it is written: in a text from {@code start} to {@code end} (exclusive), with its
 * anchors and tags. A collection in block style ends with its last value: comments and blank lines
 * after it are not part of it.
 */
sealed interface YamlNode {
  int start();

  int end();

  /** Where it starts, in the stream. */
  Position position();

  /** The value itself, which an alias only names. */
  default YamlNode resolved() {
    return this;
  }

  /**
   * A scalar; {@code start} equals {@code end} for a null that is not written.
   *
   * @param tag null for a plain scalar: its text decides its type
   */
  record Scalar(int start, int end, Position position, @Nullable Tag tag, String text)
      implements YamlNode {}

  /** {@code *name}. */
  record Alias(int start, int end, Position position, Anchor anchor) implements YamlNode {
    @Override
    public YamlNode resolved() {
      return anchor.value();
    }
  }

  record Sequence(int start, int end, Position position, boolean flow, List<YamlNode> items)
      implements YamlNode {}

  /** A mapping; merge keys are entries of their own. */
  record Mapping(int start, int end, Position position, boolean flow, List<Entry> entries)
      implements YamlNode {}

  /**
   * An entry of a mapping.
   *
   * @param start of the key, or of the {@code ?} before it
   */
  record Entry(int start, YamlNode key, YamlNode value) {
    int end() {
      return Math.max(key.end(), value.end());
    }

    /** Whether it merges other mappings. */
    boolean isMerge() {
      return key.resolved() instanceof Scalar scalar
          && scalar.text().equals("<<")
          && (scalar.tag() == null || scalar.tag().equals(Tag.MERGE));
    }

    /**
     * The key in JSON.
     *
     * @throws YamlException if it is not a scalar, or null
     */
    String name() throws YamlException {
      if (!(key.resolved() instanceof Scalar scalar)) {
        throw new YamlException("a key must be a scalar", key.resolved().position());
      }
      var name = YamlScalars.resolve(scalar);
      if (name.isNull()) {
        throw new YamlException("a key must not be null", scalar.position());
      }
      return name.asText();
    }
  }

  /** What aliases name: known once the anchored value ends. */
  final class Anchor {
    private @Nullable YamlNode value;

    void set(YamlNode anchored) {
      value = anchored;
    }

    boolean isScalar() {
      return value instanceof Scalar;
    }

    YamlNode value() {
      if (value == null) {
        throw new IllegalStateException("the anchored value has not ended");
      }
      return value;
    }
  }
}
