package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Rules;

/** What a profile says over what it extends. */
final class TreeMerge {
  private TreeMerge() {}

  /**
   * Maps merge by key, scalars and lists replace, {@code null} removes. What has keys of its own, a
   * selector or a preset, replaces as a whole: half of one and half of another mean neither.
   */
  static ObjectNode merge(ObjectNode base, ObjectNode over) {
    return merge(base, over, FieldPath.ROOT);
  }

  private static ObjectNode merge(ObjectNode base, ObjectNode over, FieldPath at) {
    var merged = base.deepCopy();
    for (var entry : over.properties()) {
      var key = entry.getKey();
      var value = entry.getValue();
      var path = at.field(key);
      if (value.isNull()) {
        merged.remove(key);
      } else if (value instanceof ObjectNode map && !isWhole(path)) {
        merged.set(key, merge(mapAt(merged, key), map, path));
      } else {
        merged.set(key, value.deepCopy());
      }
    }
    return merged;
  }

  /**
   * The tree which, merged over {@code base}, gives {@code wanted}: nothing of the base is left.
   */
  static ObjectNode exactly(ObjectNode wanted, ObjectNode base) {
    return exactly(wanted, base, FieldPath.ROOT);
  }

  private static ObjectNode exactly(ObjectNode wanted, ObjectNode base, FieldPath at) {
    var over = JsonNodeFactory.instance.objectNode();
    for (var entry : wanted.properties()) {
      var path = at.field(entry.getKey());
      over.set(
          entry.getKey(),
          entry.getValue() instanceof ObjectNode map && !isWhole(path)
              ? exactly(map, mapAt(base, entry.getKey()), path)
              : entry.getValue());
    }
    for (var entry : base.properties()) {
      if (!wanted.has(entry.getKey())) {
        over.putNull(entry.getKey());
      }
    }
    return over;
  }

  private static ObjectNode mapAt(JsonNode node, String key) {
    return node.get(key) instanceof ObjectNode map ? map : JsonNodeFactory.instance.objectNode();
  }

  /**
   * Whether the path is that of a thing in a rule's options whose keys only mean something
   * together.
   */
  private static boolean isWhole(FieldPath path) {
    var segments = path.segments();
    if (segments.size() < 3 || !segments.getFirst().equals(ProfileLayer.RULES)) {
      return false;
    }
    var rule = Rules.named((String) segments.get(1));
    if (rule.isEmpty()) {
      return false;
    }
    var type = new RecordType(rule.get().getClass()).typeOf((String) segments.get(2));
    for (int depth = 3; depth < segments.size() && type instanceof MapType map; depth++) {
      type = map.value();
    }
    return type instanceof RecordType || type instanceof FragmentType;
  }
}
