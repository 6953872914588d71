package dev.gambeson.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What edits change in the tree of a document. Behind an alias, they change nothing of it. */
final class TreeChanges {
  /** The item of a list element that an edit added. */
  static final int NONE = -1;

  private final YamlNode root;
  private final Set<YamlNode> touched = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<YamlNode, List<Integer>> items = new IdentityHashMap<>();

  TreeChanges(YamlNode root) {
    this.root = root;
  }

  /** Whether a node changes, or a part of it. */
  boolean touches(YamlNode node) {
    return touched.contains(node);
  }

  /** The item of the list in the text that an element of the changed list is, or {@link #NONE}. */
  int item(YamlNode.Sequence sequence, int element) {
    var known = items.get(sequence);
    return known == null ? element : known.get(element);
  }

  /** Takes note of an edit, which applies after those before. */
  void add(DocumentEdit edit) throws YamlException {
    var node = root;
    for (var rest = edit.path(); ; rest = rest.tail()) {
      touched.add(node);
      boolean isParent = rest.tail().matches();
      if (isParent
          && node instanceof YamlNode.Sequence sequence
          && edit.kind() != DocumentEdit.Kind.REPLACE) {
        changeItems(sequence, edit);
        return;
      }
      var child = child(node, rest);
      if (child == null) {
        return;
      }
      if (isParent) {
        replace(child, edit.value() == null ? MissingNode.getInstance() : edit.value());
        return;
      }
      node = child;
    }
  }

  /** Null where the text writes no value of its own. */
  private @Nullable YamlNode child(YamlNode node, JsonPointer path) throws YamlException {
    if (node instanceof YamlNode.Sequence sequence) {
      int item = item(sequence, path.getMatchingIndex());
      return item == NONE ? null : sequence.items().get(item);
    }
    if (node instanceof YamlNode.Mapping mapping) {
      for (var entry : mapping.entries()) {
        if (!entry.isMerge() && entry.name().equals(path.getMatchingProperty())) {
          return entry.value();
        }
      }
    }
    return null;
  }

  private void changeItems(YamlNode.Sequence sequence, DocumentEdit edit) {
    var known =
        items.computeIfAbsent(
            sequence,
            key -> new ArrayList<>(IntStream.range(0, sequence.items().size()).boxed().toList()));
    if (edit.value() == null) {
      known.remove(/* index */ edit.path().last().getMatchingIndex());
    } else {
      known.add(edit.insertionIn(known.size()), NONE);
    }
  }

  private void replace(YamlNode node, JsonNode value) throws YamlException {
    touched.add(node);
    switch (node) {
      case YamlNode.Mapping mapping -> {
        for (var entry : mapping.entries()) {
          if (!entry.isMerge()) {
            replace(entry.value(), value.path(entry.name()));
          }
        }
      }
      case YamlNode.Sequence sequence ->
          items.put(sequence, new ArrayList<>(Collections.nCopies(value.size(), NONE)));
      default -> {}
    }
  }
}
