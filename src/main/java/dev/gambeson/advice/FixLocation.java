package dev.gambeson.advice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the one who reads a verdict fixes the pod: nobody edits the pod of a controller.
 *
 * @param place a sentence that names it; empty where it is what they hold in their hands
 * @param ask what the YAML to paste is introduced with
 * @param prefix where the pod stands in it
 * @param found where the pod stands in the object in which its violations are told
 */
public record FixLocation(String place, String ask, FieldPath prefix, FieldPath found) {
  /** {@code spec.containers[0]}. */
  private static final int CONTAINER_DEPTH = 3;

  private static final int LONGEST_NAME = 63;

  /** In the object that has the pod there. An element of a list cannot be written by its index. */
  public static FixLocation at(FieldPath pod) {
    return pod.segments().stream().anyMatch(Integer.class::isInstance)
        ? new FixLocation("", "To fix, set below " + pod + ":", FieldPath.ROOT, pod)
        : new FixLocation("", "To fix, set:", pod, pod);
  }

  /**
   * Where a pod comes from.
   *
   * @param controller the owner that says so; empty for a bare pod
   */
  public static FixLocation of(Optional<OwnerReference> controller) {
    return controller.map(FixLocation::of).orElse(at(FieldPath.ROOT));
  }

  private static FixLocation of(OwnerReference owner) {
    var kind = Violation.clean(Objects.toString(owner.getKind(), ""));
    var name =
        Violation.shorten(Violation.clean(Objects.toString(owner.getName(), "")), LONGEST_NAME);
    var title = Violation.shorten(kind, LONGEST_NAME) + " \"" + name + "\"";
    var apiVersion = Objects.toString(owner.getApiVersion(), "");
    var group = apiVersion.substring(0, Math.max(0, apiVersion.lastIndexOf('/')));
    return switch (group + "/" + kind) {
      case "apps/ReplicaSet" ->
          inTemplate("Fix the Deployment (or other owner) of " + title + ", under spec.template.");
      case "apps/StatefulSet", "apps/DaemonSet", "/ReplicationController" ->
          inTemplate("Fix " + title + ", under spec.template.");
      case "batch/Job" ->
          inTemplate(
              "Fix the manifest of "
                  + title
                  + " under spec.template, delete the Job and create it again; if a CronJob makes"
                  + " it, fix the CronJob, under spec.jobTemplate.spec.template.");
      default ->
          new FixLocation(
              "Fix " + title + ", which creates this pod, where it describes its pods.",
              "They need:",
              FieldPath.ROOT,
              FieldPath.ROOT);
    };
  }

  private static FixLocation inTemplate(String place) {
    return new FixLocation(place, "Set:", FieldPath.of("spec", "template"), FieldPath.ROOT);
  }

  /**
   * What to do about violations.
   *
   * @param pod the pod in which they were found
   */
  public List<Advice> advice(List<Violation> violations, JsonNode pod) {
    var steps = new ArrayList<Advice>();
    var byLifetime =
        violations.stream().collect(Collectors.partitioningBy(FixLocation::isOfDebugContainer));
    var lasting = byLifetime.getOrDefault(false, List.of());
    if (!lasting.isEmpty()) {
      steps.add(new Advice(place, ask, lasting, pod, prefix));
    }
    var debugging = byLifetime.getOrDefault(true, List.of());
    if (!debugging.isEmpty()) {
      steps.add(debug(debugging, pod));
    }
    return steps;
  }

  private static boolean isOfDebugContainer(Violation violation) {
    var segments = violation.path().segments();
    return segments.size() > CONTAINER_DEPTH
        && segments.get(1).equals(ContainerRef.Kind.EPHEMERAL.field());
  }

  /** {@code kubectl debug} writes the container; its file for the rest is a piece of one. */
  private static Advice debug(List<Violation> violations, JsonNode pod) {
    var container = violations.getFirst().path().first(CONTAINER_DEPTH);
    var rest =
        violations.stream()
            .filter(violation -> violation.level() == null)
            .map(violation -> violation.at(violation.path().from(CONTAINER_DEPTH)))
            .toList();
    return new Advice(
        rest.size() == violations.size()
            ? ""
            : "kubectl debug --profile=restricted sets what Pod Security requires.",
        "For kubectl debug --custom=FILE:",
        rest,
        pod.at(container.pointer()),
        FieldPath.ROOT);
  }
}
