package dev.gambeson.review;

import dev.gambeson.config.Suggestion;
import dev.gambeson.pod.PodTemplate;
import java.util.Map;
import java.util.Optional;

/**
 * Kinds that somebody wrote in place of one that describes pods. The API server knows none of them,
 * and an object of one would not be judged.
 */
final class MisspeltKind {
  private static final Map<String, String> API_VERSIONS =
      Map.of(
          "Pod", "v1",
          "PodTemplate", "v1",
          "ReplicationController", "v1",
          "List", "v1",
          "Deployment", "apps/v1",
          "ReplicaSet", "apps/v1",
          "StatefulSet", "apps/v1",
          "DaemonSet", "apps/v1",
          "Job", "batch/v1",
          "CronJob", "batch/v1");

  private MisspeltKind() {}

  /** {@code there is no kind "pod" in v1, did you mean "Pod" (v1)?}. */
  static Optional<String> problem(String apiVersion, String kind) {
    if (apiVersion.contains(".")
        || PodTemplate.of(apiVersion, kind).isPresent()
        || (kind.equals("List") && apiVersion.equals("v1"))) {
      return Optional.empty();
    }
    return Suggestion.nearest(kind, API_VERSIONS.keySet())
        .map(meant ->
            "there is no kind \"%s\" in %s, did you mean \"%s\" of %s?"
                .formatted(kind, apiVersion, meant, API_VERSIONS.get(meant)));
  }
}
