package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.rule.PodSecurityLevel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the labels of known Namespaces say. */
public final class Namespaces {
  public static final String PROFILE = "gambeson.dev/profile";

  /** No webhook of the chart ever sees the pods of these. */
  public static final Set<String> OF_THE_CLUSTER =
      Set.of("kube-system", "kube-public", "kube-node-lease");

  public static final String POD_SECURITY = "pod-security.kubernetes.io/enforce";

  private final Map<String, JsonNode> labels = new TreeMap<>();

  /** Learns of a Namespace. */
  public void add(JsonNode namespace) {
    var metadata = namespace.path("metadata");
    labels.put(metadata.path("name").asText(), metadata.path("labels"));
  }

  /** The profile that the namespace asks for; null where it does not. */
  public @Nullable String profile(String namespace) {
    var profile = label(namespace, PROFILE);
    return profile.isEmpty() ? null : profile;
  }

  /** The Pod Security level that the namespace enforces. */
  public PodSecurityLevel level(String namespace) {
    return switch (label(namespace, POD_SECURITY)) {
      case "baseline" -> PodSecurityLevel.BASELINE;
      case "restricted" -> PodSecurityLevel.RESTRICTED;
      default -> PodSecurityLevel.PRIVILEGED;
    };
  }

  /** The labels of a namespace; a missing node where it is not known. */
  public JsonNode labels(String namespace) {
    return labels.getOrDefault(namespace, MissingNode.getInstance());
  }

  /** The names of all namespaces. */
  Set<String> names() {
    return labels.keySet();
  }

  private String label(String namespace, String name) {
    return labels(namespace).path(name).asText("");
  }
}
