package dev.gambeson.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Takes out of a live object what the API server, its plugins and controllers wrote. */
final class AuthoredPod {
  private static final List<String> METADATA =
      List.of(
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "generation",
          "managedFields",
          "selfLink",
          "finalizers");
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String TOKEN_VOLUME = "kube-api-access-";
  private static final String TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final Set<String> TOLERATED =
      Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
  private static final int TOLERATED_SECONDS = 300;

  private AuthoredPod() {}

  /** For an object of any kind. */
  static void strip(ObjectNode object) {
    object.remove("status");
    if (object.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(METADATA);
      if (metadata.get("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
      }
    }
  }

  /** For a pod: it becomes what its author could create again. Defaults stay. */
  static void stripPod(ObjectNode pod) {
    strip(pod);
    if (!(pod.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    spec.remove(List.of("nodeName", "serviceAccount", "priority", "ephemeralContainers"));
    remove(spec, "tolerations", AuthoredPod::isDefaultToleration);
    remove(spec, "volumes", AuthoredPod::isTokenVolume);
    for (var list : List.of("initContainers", "containers")) {
      for (var container : spec.path(list)) {
        if (container instanceof ObjectNode fields) {
          remove(fields, "volumeMounts", AuthoredPod::isTokenMount);
        }
      }
    }
  }

  private static void remove(ObjectNode owner, String list, Predicate<JsonNode> unwanted) {
    if (owner.get(list) instanceof ArrayNode elements) {
      elements.removeIf(unwanted);
      if (elements.isEmpty()) {
        owner.remove(list);
      }
    }
  }

  private static boolean isDefaultToleration(JsonNode toleration) {
    return TOLERATED.contains(toleration.path("key").asText())
        && toleration.path("operator").asText().equals("Exists")
        && toleration.path("effect").asText().equals("NoExecute")
        && toleration.path("tolerationSeconds").asInt() == TOLERATED_SECONDS;
  }

  private static boolean isTokenVolume(JsonNode volume) {
    return volume.path("name").asText().startsWith(TOKEN_VOLUME)
        && volume
            .at("/projected/sources")
            .valueStream()
            .anyMatch(source -> source.has("serviceAccountToken"));
  }

  private static boolean isTokenMount(JsonNode mount) {
    return mount.path("name").asText().startsWith(TOKEN_VOLUME)
        && mount.path("mountPath").asText().equals(TOKEN_FOLDER);
  }
}
