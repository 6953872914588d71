package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * One thing to do about violations.
 *
 * @param sentence where to do it; empty where that is clear
 * @param ask what introduces the YAML
 * @param violations what the YAML mends, as far as it can be mended by setting a field
 * @param root the object in which they were found
 * @param prefix where that stands in what the YAML is pasted into
 */
record Step(
    String sentence, String ask, List<Violation> violations, JsonNode root, FieldPath prefix) {
  private static final String NO_ROOM =
      "(The YAML to paste is too long for this message: gambeson review shows it.)";

  /** The sentence, and as much of the YAML as there is room for: whole containers only. */
  String text(int room) {
    var containers = new LinkedHashMap<String, List<Violation>>();
    for (var violation : violations) {
      if (violation.remedy() != null) {
        containers
            .computeIfAbsent(
                Objects.requireNonNullElse(violation.container(), ""), key -> new ArrayList<>())
            .add(violation);
      }
    }
    if (containers.isEmpty()) {
      return sentence;
    }
    var fitting = followedBy(NO_ROOM);
    for (int shown = 1; shown <= containers.size(); shown++) {
      var some = containers.values().stream().limit(shown).flatMap(List::stream).toList();
      var text = followedBy(ask) + "\n" + Remedy.yaml(some, root, prefix).stripTrailing();
      // Upwards: a pod may have thousands of containers, and few of them fit.
      if (text.length() > room) {
        break;
      }
      int left = containers.size() - shown;
      text += left == 0 ? "" : "\n# … and more, for %d other container(s)".formatted(left);
      if (text.length() <= room) {
        fitting = text;
      }
    }
    return fitting;
  }

  /** How short the text can be. */
  int shortest() {
    return text(0).length();
  }

  private String followedBy(String more) {
    return sentence.isEmpty() ? more : sentence + " " + more;
  }
}
