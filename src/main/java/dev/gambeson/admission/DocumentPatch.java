package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import org.jspecify.annotations.Nullable;

/**
 * Operations of a JSON Patch for a document that lacks what its writer saw: parents are created
 * where they are missing, and what is not there need not be removed.
 */
final class DocumentPatch {
  private DocumentPatch() {}

  /**
   * Changes one value.
   *
   * @param root changed in place
   * @param value null to remove what stands there
   */
  static void apply(JsonNode root, FieldPath path, @Nullable JsonNode value) {
    apply(root, path, value, false);
  }

  /**
   * Inserts an element into a list.
   *
   * @param root changed in place
   * @param path of the element that is there now
   */
  static void insert(JsonNode root, FieldPath path, JsonNode value) {
    apply(root, path, value, true);
  }

  private static void apply(
      JsonNode root, FieldPath path, @Nullable JsonNode value, boolean insert) {
    var parent = root;
    var segments = path.segments();
    for (int i = 0; i < segments.size() - 1; i++) {
      var child = child(parent, segments.get(i));
      if (child.isMissingNode() || child.isNull()) {
        if (value == null) {
          return;
        }
        child = create(parent, segments.get(i), segments.get(i + 1));
      }
      parent = child;
    }
    switch (parent) {
      case ObjectNode object when value == null -> object.remove(path.last().toString());
      case ObjectNode object -> object.set(path.last().toString(), value);
      case ArrayNode array when path.last() instanceof Integer position -> {
        if (value == null) {
          array.remove(position);
        } else if (insert) {
          array.insert(position, value);
        } else {
          array.set(position, value);
        }
      }
      case ArrayNode array when value != null -> array.add(value);
      default -> throw new IllegalStateException("nothing can stand at " + path);
    }
  }

  private static JsonNode child(JsonNode parent, Object segment) {
    return segment instanceof Integer position
        ? parent.path(position)
        : parent.path(segment.toString());
  }

  /** A list where the path goes on with {@code "-"}, else an object. */
  private static JsonNode create(JsonNode parent, Object segment, Object next) {
    if (!(parent instanceof ObjectNode object)) {
      throw new IllegalStateException("nothing can be created at " + segment);
    }
    ContainerNode<?> made = next.equals("-") ? object.arrayNode() : object.objectNode();
    object.set(segment.toString(), made);
    return made;
  }
}
