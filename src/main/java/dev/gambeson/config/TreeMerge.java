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
   * Maps merge by key, scalars and lists replace, {@code null} removes. A selector replaces as a
   * whole, as in the Kubernetes API: half of one and half of another mean neither.
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

  /** Whether the path is that of a rule's option with keys of its own. */
  private static boolean isWhole(FieldPath path) {
    var segments = path.segments();
    return segments.size() == 3
        && segments.getFirst().equals(ProfileLayer.RULES)
        && Rules.named((String) segments.get(1)).stream()
            .map(rule -> new RecordType(rule.defaults().getClass()))
            .flatMap(options -> options.components().stream())
            .anyMatch(option ->
                option.name().equals(segments.get(2)) && option.type() instanceof RecordType);
  }
}
