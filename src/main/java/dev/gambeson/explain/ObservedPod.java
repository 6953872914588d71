package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a cluster, with what tells how it fares. All of it is hostile: authors write templates,
 * containers write logs and termination messages.
 *
 * @param pod as the API server returns it
 * @param owner the object that has the pod's template; null where there is none, or it cannot be
 *     read
 * @param namespace null where it cannot be read
 * @param limitRanges of the namespace
 * @param events about the pod
 * @param logs the last lines of containers, by their names
 * @param notes what could not be read, and which permission is missing
 */
public record ObservedPod(
    JsonNode pod,
    @Nullable KubernetesObject owner,
    @Nullable JsonNode namespace,
    List<JsonNode> limitRanges,
    List<JsonNode> events,
    Map<String, List<String>> logs,
    List<String> notes) {
  static final FieldPath SPEC = FieldPath.of("spec");

  public ObservedPod {
    limitRanges = List.copyOf(limitRanges);
    events = List.copyOf(events);
    logs = Map.copyOf(logs);
    notes = List.copyOf(notes);
  }

  String name() {
    return pod.at("/metadata/name").asText();
  }

  String namespaceName() {
    return pod.at("/metadata/namespace").asText("default");
  }

  String annotation(String name) {
    return Objects.requireNonNullElse(
        pod.path("metadata").path("annotations").path(name).textValue(), "");
  }

  /** Whether every container serves. */
  boolean isReady() {
    return hasCondition("Ready");
  }

  boolean isScheduled() {
    return !pod.at("/spec/nodeName").asText().isEmpty() || hasCondition("PodScheduled");
  }

  private boolean hasCondition(String type) {
    return pod.at("/status/conditions")
        .valueStream()
        .anyMatch(condition ->
            condition.path("type").asText().equals(type)
                && condition.path("status").asText().equals("True"));
  }
}
