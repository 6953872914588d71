package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod, and what is looked up in it for each of its signs.
 *
 * @param containers the places of its containers, by their names
 * @param filled what the fixes wrote
 */
record ExaminedPod(JsonNode pod, Map<String, FieldPath> containers, List<FilledField> filled) {

  static ExaminedPod of(JsonNode pod, List<FilledField> filled) {
    var containers = new HashMap<String, FieldPath>();
    for (var list : List.of("containers", "initContainers", "ephemeralContainers")) {
      var all = pod.path("spec").path(list);
      for (int i = 0; i < all.size(); i++) {
        containers.putIfAbsent(all.get(i).path("name").asText(), FieldPath.of("spec", list, i));
      }
    }
    return new ExaminedPod(pod, containers, filled);
  }
}
