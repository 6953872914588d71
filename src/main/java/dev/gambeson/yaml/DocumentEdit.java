package dev.gambeson.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A change of a document: one operation of a JSON Patch (RFC 6902).
 *
 * @param path of a value below the root; its parent exists
 * @param value null to remove the value
 */
public record DocumentEdit(Kind kind, JsonPointer path, @Nullable JsonNode value) {
  /** The operations that change a document. */
  public enum Kind {
    ADD,
    REPLACE,
    REMOVE
  }

  /** The same change of a document that contains this one at {@code pointer}. */
  public DocumentEdit under(String pointer) {
    return new DocumentEdit(kind, JsonPointer.compile(pointer).append(path), value);
  }

  /**
   * Changes a value.
   *
   * @param root changed in place
   */
  public void applyTo(JsonNode root) {
    var last = path.last();
    switch (root.at(path.head())) {
      case ObjectNode object when value == null -> object.remove(last.getMatchingProperty());
      case ObjectNode object -> object.set(last.getMatchingProperty(), value.deepCopy());
      case ArrayNode array when value == null -> array.remove(last.getMatchingIndex());
      case ArrayNode array when kind == Kind.ADD ->
          array.insert(insertionIn(array.size()), value.deepCopy());
      case ArrayNode array -> array.set(last.getMatchingIndex(), value.deepCopy());
      default -> throw new IllegalStateException("nothing can be at " + path);
    }
  }

  /** The position that an added element gets in a list: the last one for {@code -}. */
  int insertionIn(int size) {
    int position = path.last().getMatchingIndex();
    return position < 0 ? size : position;
  }
}
