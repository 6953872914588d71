package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.DocumentEdit;
import dev.gambeson.yaml.DocumentEdit.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations of a JSON Patch for a document that lacks what its writer saw: parents are created
 * where they are missing, and what is not there need not be removed. Each is applied to {@link
 * #document} at once, and recorded as the edit that it is there.
 */
final class DocumentPatch {
  private final JsonNode document;
  private final List<DocumentEdit> edits = new ArrayList<>();

  /**
   * Starts a patch.
   *
   * @param document changed in place
   */
  DocumentPatch(JsonNode document) {
    this.document = document;
  }

  /** The document with every change so far. */
  JsonNode document() {
    return document;
  }

  /** What changed, in the order in which it did. */
  List<DocumentEdit> edits() {
    return Collections.unmodifiableList(edits);
  }

  /**
   * Changes one value.
   *
   * @param value null to remove what is there
   */
  void apply(FieldPath path, @Nullable JsonNode value) {
    apply(path, value, false);
  }

  /**
   * Inserts an element into a list.
   *
   * @param path of the element that is there now
   */
  void insert(FieldPath path, JsonNode value) {
    apply(path, value, true);
  }

  private void apply(FieldPath path, @Nullable JsonNode value, boolean insert) {
    var segments = path.segments();
    var parent = document;
    for (int i = 0; i < segments.size() - 1; i++) {
      var child = child(parent, segments.get(i));
      if (child.isMissingNode() || child.isNull()) {
        if (value != null) {
          var rest = segments.subList(i + 1, segments.size());
          set(parent, path.first(i + 1), created(rest, value));
        }
        return;
      }
      parent = child;
    }
    if (insert && value != null) {
      edit(Kind.ADD, path, value);
    } else if (value != null) {
      set(parent, path, value);
    } else if (!child(parent, path.last()).isMissingNode()) {
      edit(Kind.REMOVE, path, null);
    }
  }

  private void set(JsonNode parent, FieldPath path, JsonNode value) {
    boolean isElement = parent.isArray() && path.last() instanceof Integer;
    edit(isElement ? Kind.REPLACE : Kind.ADD, path, value);
  }

  private void edit(Kind kind, FieldPath path, @Nullable JsonNode value) {
    var edit = new DocumentEdit(kind, JsonPointer.compile(path.pointer()), value);
    edit.applyTo(document);
    edits.add(edit);
  }

  private static JsonNode child(JsonNode parent, Object segment) {
    return segment instanceof Integer position
        ? parent.path(position)
        : parent.path(segment.toString());
  }

  /** A value with its missing parents: a list where the path goes on with {@code "-"}. */
  private static JsonNode created(List<Object> segments, JsonNode value) {
    var made = value;
    for (var segment : segments.reversed()) {
      made =
          segment.equals("-")
              ? JsonNodeFactory.instance.arrayNode().add(made)
              : JsonNodeFactory.instance.objectNode().set(segment.toString(), made);
    }
    return made;
  }
}
