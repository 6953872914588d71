package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fields of a template that something else in the cluster may still fill in when its pods are
 * created: an image that an injector writes, resources that a LimitRange gives, and the default
 * priority class. The pods themselves are judged as they arrive.
 */
final class FilledInLater {
  private static final FieldPath PRIORITY_CLASS = FieldPath.of("spec", "priorityClassName");
  private static final List<String> CONTAINERS =
      ContainerRef.FIXABLE.stream().map(ContainerRef.Kind::field).toList();

  /** What Istio replaces in the pods that it injects its proxy into. */
  private static final String INJECTED_IMAGE = "auto";

  private static final String INJECT = "sidecar.istio.io/inject";
  private static final List<String> MARKS = List.of("inject.istio.io/templates", "istio.io/rev");

  private FilledInLater() {}

  /**
   * What may fill in a field, in words.
   *
   * @param field where a rule is broken
   * @param pod the pod of a template, once it is fixed
   * @return empty where nothing may
   */
  static Optional<String> by(FieldPath field, JsonNode pod) {
    var present = pod.at(field.pointer()).asText();
    if (field.equals(PRIORITY_CLASS)) {
      return Optional.of("the default PriorityClass of the cluster").filter(_ -> present.isEmpty());
    }
    var segments = field.segments();
    if (segments.size() < 4 || !CONTAINERS.contains(segments.get(1))) {
      return Optional.empty();
    }
    var below = segments.subList(3, segments.size());
    if (below.equals(List.of("image"))) {
      return Optional.of("the injector that the pod asks for")
          .filter(_ -> present.equals(INJECTED_IMAGE) && isMarked(pod.path("metadata")));
    }
    return Optional.of("a LimitRange of the namespace")
        .filter(_ -> below.getFirst().equals("resources") && below.size() == 3)
        .filter(_ -> present.isEmpty());
  }

  private static boolean isMarked(JsonNode metadata) {
    return Stream.of(metadata.path("labels"), metadata.path("annotations"))
        .anyMatch(
            map -> map.path(INJECT).asText().equals("true") || MARKS.stream().anyMatch(map::has));
  }
}
