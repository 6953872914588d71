package dev.gambeson.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of a YAML stream.
 *
 * @param source its text and position
 * @param root the tree that the text writes; null if the document is empty
 * @param value the same as JSON, without aliases and merge keys; a null node where the document is
 *     empty
 */
public record YamlDocument(DocumentText source, @Nullable YamlNode root, JsonNode value) {

  /**
   * The position of a value; if it does not exist, of the nearest value that would contain it.
   *
   * @param pointer a JSON Pointer (RFC 6901)
   */
  public Position valueAt(String pointer) {
    return find(pointer, false);
  }

  /** The position of a value's key; for an element of a list, of the element. */
  public Position keyAt(String pointer) {
    return find(pointer, true);
  }

  private Position find(String pointer, boolean wantsKey) {
    var node = root;
    if (node == null) {
      return source.start();
    }
    var position = node.position();
    for (var rest = JsonPointer.compile(pointer); !rest.matches(); rest = rest.tail()) {
      switch (node.resolved()) {
        case YamlNode.Mapping mapping -> {
          var entry = entries(mapping).get(rest.getMatchingProperty());
          if (entry == null) {
            return position;
          }
          node = entry.value();
          position = (wantsKey ? entry.key() : node).resolved().position();
        }
        case YamlNode.Sequence sequence -> {
          int index = rest.getMatchingIndex();
          if (index < 0 || index >= sequence.items().size()) {
            return position;
          }
          node = sequence.items().get(index);
          position = node.resolved().position();
        }
        default -> {
          return position;
        }
      }
    }
    return position;
  }

  private static Map<String, YamlNode.Entry> entries(YamlNode.Mapping mapping) {
    try {
      return YamlEntries.of(mapping);
    } catch (YamlException e) {
      throw new IllegalStateException("a document that was read before", e);
    }
  }
}
