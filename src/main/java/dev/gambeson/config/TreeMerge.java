package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a profile says over what it extends. */
final class TreeMerge {
  private TreeMerge() {}

  /**
   * Objects merge by key, scalars and lists replace, {@code null} removes. An object whose keys
   * only mean something together replaces as a whole. An unknown key stays, to be reported.
   */
  static ObjectNode merge(ValueType type, ObjectNode base, ObjectNode over) {
    var merged = base.deepCopy();
    for (var entry : over.properties()) {
      var key = entry.getKey();
      var value = entry.getValue();
      var inner = type.at(key);
      if (value.isNull() && inner != null) {
        merged.remove(key);
      } else if (value instanceof ObjectNode tree && inner != null && inner.mergesByKey()) {
        merged.set(key, merge(inner, treeAt(merged, key), tree));
      } else {
        merged.set(key, value.deepCopy());
      }
    }
    return merged;
  }

  /**
   * The tree which, merged over {@code base}, gives {@code wanted}: nothing of the base is left.
   */
  static ObjectNode exactly(ValueType type, ObjectNode wanted, ObjectNode base) {
    var over = JsonNodeFactory.instance.objectNode();
    for (var entry : wanted.properties()) {
      var key = entry.getKey();
      var inner = type.at(key);
      over.set(
          key,
          entry.getValue() instanceof ObjectNode tree && inner != null && inner.mergesByKey()
              ? exactly(inner, tree, treeAt(base, key))
              : entry.getValue());
    }
    for (var entry : base.properties()) {
      if (!wanted.has(entry.getKey())) {
        over.putNull(entry.getKey());
      }
    }
    return over;
  }

  /**
   * What of {@code wanted} is not in {@code base}, with {@code null} for what only the base has.
   */
  static ObjectNode difference(ValueType type, ObjectNode wanted, ObjectNode base) {
    var over = JsonNodeFactory.instance.objectNode();
    for (var entry : wanted.properties()) {
      var key = entry.getKey();
      var inner = type.at(key);
      if (!entry.getValue().equals(base.get(key))) {
        over.set(
            key,
            entry.getValue() instanceof ObjectNode tree && inner != null && inner.mergesByKey()
                ? difference(inner, tree, treeAt(base, key))
                : entry.getValue());
      }
    }
    for (var entry : base.properties()) {
      if (!wanted.has(entry.getKey())) {
        over.putNull(entry.getKey());
      }
    }
    return over;
  }

  private static ObjectNode treeAt(JsonNode node, String key) {
    return node.get(key) instanceof ObjectNode tree ? tree : JsonNodeFactory.instance.objectNode();
  }
}
