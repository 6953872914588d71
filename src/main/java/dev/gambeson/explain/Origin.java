package dev.gambeson.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.rule.Violation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the author of a pod wrote, as well as it can be known.
 *
 * @param object describes the pod without what was filled in
 * @param template where the pod stands in it
 */
record Origin(Source source, KubernetesObject object, FieldPath template) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** Where it is known from. */
  enum Source {
    /** The owner's template, from which its controller created the pod. */
    TEMPLATE,
    /** The owner's template, which has changed since. */
    NEWER_TEMPLATE,
    /** What {@code kubectl apply} keeps of a manifest. */
    LAST_APPLIED,
    /** The pod itself, without all fields of the rules that changed it. */
    ANNOTATION
  }

  /**
   * Finds it.
   *
   * @param applied the rules whose fixes changed the pod, as its annotation says
   */
  static Origin of(ObservedPod observed, Collection<String> applied) {
    var owner = observed.owner();
    if (owner != null) {
      var template = PodTemplate.of(owner.apiVersion(), owner.kind());
      if (template.isPresent() && owner.value().at(template.get().path().pointer()).isObject()) {
        ObjectNode own = owner.value().deepCopy();
        // Its own owner would be judged in its place, and may have another template by now.
        own.withObject("/metadata").remove("ownerReferences");
        return new Origin(
            hasChanged(observed.pod(), owner.value()) ? Source.NEWER_TEMPLATE : Source.TEMPLATE,
            new KubernetesObject(owner.apiVersion(), owner.kind(), FieldPath.ROOT, own),
            template.get().path());
      }
    }
    return lastApplied(observed)
        .map(manifest -> ofPod(Source.LAST_APPLIED, manifest))
        .orElseGet(() -> ofPod(Source.ANNOTATION, stripped(observed.pod(), applied)));
  }

  /** The pod that it describes. */
  JsonNode pod() {
    return object.value().at(template.pointer());
  }

  /** {@code the template of ReplicaSet "web-5d9c"}. */
  String title() {
    return switch (source) {
      case TEMPLATE -> templateOf();
      case NEWER_TEMPLATE -> templateOf() + ", which has changed since";
      case LAST_APPLIED -> "the manifest that kubectl apply kept";
      case ANNOTATION -> "the pod without the fields of the rules that its annotation names";
    };
  }

  private String templateOf() {
    return "the template of %s \"%s\""
        .formatted(object.kind(), Violation.clean(object.value().at("/metadata/name").asText()));
  }

  /**
   * A ReplicaSet and a Job keep their template; a StatefulSet and a DaemonSet count its changes.
   */
  private static boolean hasChanged(JsonNode pod, JsonNode owner) {
    var labels = pod.path("metadata").path("labels");
    return differ(
            labels.path("controller-revision-hash"), owner.path("status").path("updateRevision"))
        || differ(
            labels.path("pod-template-generation"),
            owner
                .path("metadata")
                .path("annotations")
                .path("deprecated.daemonset.template.generation"));
  }

  private static boolean differ(JsonNode one, JsonNode other) {
    return one.isTextual() && other.isTextual() && !one.equals(other);
  }

  private static Origin ofPod(Source source, ObjectNode pod) {
    return new Origin(
        source, new KubernetesObject("v1", "Pod", FieldPath.ROOT, pod), FieldPath.ROOT);
  }

  private static Optional<ObjectNode> lastApplied(ObservedPod observed) {
    try {
      return MAPPER.readTree(observed.annotation(LAST_APPLIED)) instanceof ObjectNode manifest
              && manifest.path("kind").asText().equals("Pod")
              && manifest.path("spec").path("containers").isArray()
          ? Optional.of(manifest)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** A pod with a {@code uid} is taken for one that runs, which no fix changes. */
  private static ObjectNode stripped(JsonNode pod, Collection<String> applied) {
    ObjectNode copy = pod.deepCopy();
    copy.remove("status");
    copy.withObject("/metadata").remove(List.of("uid", "resourceVersion", "managedFields"));
    for (var rule : Set.copyOf(applied)) {
      for (var path : Places.of(rule, copy).reversed()) {
        switch (copy.at(path.parent().pointer())) {
          case ObjectNode parent -> parent.remove(path.last().toString());
          case ArrayNode parent -> parent.remove((Integer) path.last());
          default -> {}
        }
      }
    }
    return copy;
  }
}
