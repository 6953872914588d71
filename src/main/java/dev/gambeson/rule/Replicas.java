package dev.gambeson.rule;

import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What makes pods the replicas of one application, for the rules that keep them apart. */
public final class Replicas {
  /** The sets of labels that applications commonly carry. */
  public static final List<List<String>> LABEL_KEYS =
      List.of(
          List.of("app.kubernetes.io/name", "app.kubernetes.io/instance"),
          List.of("app"),
          List.of("k8s-app"),
          List.of("app.kubernetes.io/name"),
          List.of("name"));

  /** The controllers whose pods do the same as each other. */
  public static final List<String> CONTROLLERS =
      List.of("ReplicaSet", "StatefulSet", "ReplicationController");

  private Replicas() {}

  /** Copies sets of label keys, and refuses what identifies no application. */
  public static List<List<String>> requireLabelKeys(List<List<String>> labelKeys) {
    for (var keys : labelKeys) {
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("labelKeys: a set without keys means every pod");
      }
      keys.forEach(Replicas::requireStable);
    }
    return labelKeys.stream().map(List::copyOf).toList();
  }

  /** Refuses the key of a label that the replicas of one application do not share. */
  public static void requireStable(String key) {
    PodSelector.requireKey(key);
    if (PodTraits.isLabelOfOneReplica(key)) {
      throw new IllegalArgumentException(
          "the label " + key + " is not the same for all replicas of an application");
    }
  }

  /** Whether one of these controllers owns the pod. */
  public static boolean isReplica(List<String> controllers, Pod pod) {
    return PodTraits.controllerKind(pod).filter(controllers::contains).isPresent();
  }

  /**
   * The labels that the pod shares with its other replicas, and with nothing else: those of the
   * first set that it carries completely.
   */
  public static Optional<Map<String, String>> identity(List<List<String>> labelKeys, Pod pod) {
    var labels = PodTraits.labels(pod);
    for (var keys : labelKeys) {
      var identity = new LinkedHashMap<String, String>();
      for (var key : keys) {
        var value = labels.getOrDefault(key, "");
        if (!value.isEmpty()) {
          identity.put(key, value);
        }
      }
      if (identity.keySet().containsAll(keys)) {
        return Optional.of(identity);
      }
    }
    return Optional.empty();
  }
}
