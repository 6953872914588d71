package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the merge keys of a mapping stay.
 *
 * @param inherited the keys for which they provide the wanted value
 */
record MergePlan(boolean keepsMerges, Set<String> inherited) {
  /** Returns null if that cannot be decided. */
  static @Nullable MergePlan of(
      YamlNode.Mapping mapping, ObjectNode wanted, Map<YamlNode, JsonNode> kept)
      throws YamlException {
    var brought = new LinkedHashMap<String, JsonNode>();
    var own = new LinkedHashSet<String>();
    boolean basesStay = true;
    for (var entry : mapping.entries()) {
      if (!entry.isMerge()) {
        own.add(entry.name());
        continue;
      }
      for (var base : bases(entry)) {
        if (!(base instanceof YamlNode.Alias alias)) {
          return null;
        }
        if (kept.get(alias.resolved()) instanceof ObjectNode object) {
          object.properties().forEach(field -> brought.put(field.getKey(), field.getValue()));
        } else {
          basesStay = false;
        }
        // A merge key overwrites earlier entries.
        if (basesStay ? own.stream().anyMatch(brought::containsKey) : !own.isEmpty()) {
          return null;
        }
      }
    }
    own.removeIf(name -> !wanted.has(name));
    brought.keySet().removeAll(own);
    if (!basesStay || brought.keySet().stream().anyMatch(name -> !wanted.has(name))) {
      return new MergePlan(false, Set.of());
    }
    brought
        .entrySet()
        .removeIf(field -> !YamlEditor.same(field.getValue(), wanted.get(field.getKey())));
    return new MergePlan(true, brought.keySet());
  }

  private static List<YamlNode> bases(YamlNode.Entry merge) {
    return merge.value() instanceof YamlNode.Sequence sequence
        ? sequence.items().reversed()
        : List.of(merge.value());
  }
}
