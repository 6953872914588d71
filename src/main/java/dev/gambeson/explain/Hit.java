package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.pod.FieldPath;
import java.util.Map;
import java.util.Optional;

/**
 * A sign that has the form of a symptom.
 *
 * @param words what the named groups of its pattern matched
 * @param container the container that it is about, as the pattern or the sign says; empty for the
 *     pod as a whole
 */
record Hit(Sign sign, Map<String, String> words, String container, ExaminedPod pod) {

  String word(String group) {
    return words.getOrDefault(group, "");
  }

  JsonNode at(FieldPath path) {
    return pod.pod().at(path.pointer());
  }

  /** The place of its container; empty where it is of none, or of one that is not in the pod. */
  Optional<FieldPath> containerPath() {
    return Optional.ofNullable(pod.containers().get(container));
  }

  /** A field of its container; missing where there is none. */
  JsonNode ofContainer(String... fields) {
    var path = containerPath();
    if (path.isEmpty()) {
      return MissingNode.getInstance();
    }
    var node = at(path.get());
    for (var field : fields) {
      node = node.path(field);
    }
    return node;
  }

  /** Whether a field is of its container, or of the pod as a whole. */
  boolean concerns(FilledField field) {
    return field.isOfPod()
        || container.isEmpty()
        || containerPath().filter(field.path()::isWithin).isPresent();
  }

  /** Whether a fix wrote this field of the hit's container. */
  boolean filled(String rule) {
    return pod.filled().stream().anyMatch(field -> field.rule().equals(rule) && concerns(field));
  }

  /** The text with the words of the hit in place of {@code {names}}. */
  String fill(String text) {
    var filled = text;
    for (var word : words.entrySet()) {
      filled = filled.replace("{" + word.getKey() + "}", word.getValue());
    }
    return filled.replace("{container}", container).replace("{path}", "a file");
  }
}
