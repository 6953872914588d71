package dev.gambeson.review;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.DocumentEdit;
import dev.gambeson.yaml.Position;
import dev.gambeson.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the fields of a document with the fixes in it are in the text that came: fixes insert
 * elements into lists and remove some, and the position of the others changes.
 */
public final class SourcePositions {
  private final YamlDocument document;
  private final Map<String, List<DocumentEdit>> editsOfLists = new HashMap<>();

  private SourcePositions(YamlDocument document) {
    this.document = document;
  }

  static SourcePositions of(YamlDocument document, List<DocumentEdit> edits) {
    var positions = new SourcePositions(document);
    for (var edit : edits) {
      boolean moves =
          edit.kind() != DocumentEdit.Kind.REPLACE && edit.path().last().getMatchingIndex() >= 0;
      if (moves) {
        positions
            .editsOfLists
            .computeIfAbsent(edit.path().head().toString(), list -> new ArrayList<>())
            .add(edit);
      }
    }
    return positions;
  }

  /** The number of the document in its file. */
  public int number() {
    return document.source().number();
  }

  /** The position of a field of the document with all fixes in it, or of what would contain it. */
  public Position ofField(FieldPath path) {
    return position(path, true);
  }

  /** Likewise of a field as a fix names it: with all that is inserted, and nothing removed. */
  public Position ofChange(FieldPath path) {
    return position(path, false);
  }

  private Position position(FieldPath path, boolean removed) {
    var original = FieldPath.ROOT;
    var place = FieldPath.ROOT;
    for (var segment : path.segments()) {
      if (segment instanceof Integer index) {
        int before = before(index, place.pointer(), removed);
        if (before < 0) {
          break;
        }
        original = original.index(before);
        place = place.index(index);
      } else {
        original = original.field(segment.toString());
        place = place.field(segment.toString());
      }
    }
    return document.keyAt(original.pointer());
  }

  /** The position in the list as it came; negative for an element that a fix inserted. */
  private int before(int index, String list, boolean removed) {
    int before = index;
    for (var edit : editsOfLists.getOrDefault(list, List.of()).reversed()) {
      int place = edit.path().last().getMatchingIndex();
      if (edit.kind() == DocumentEdit.Kind.ADD) {
        if (before == place) {
          return -1;
        }
        before -= before > place ? 1 : 0;
      } else if (removed) {
        before += before >= place ? 1 : 0;
      }
    }
    return before;
  }
}
