package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.rule.PodSecurityLevel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the labels of known Namespaces say. */
public final class Namespaces {
  public static final String PROFILE = "gambeson.dev/profile";
  public static final String POD_SECURITY = "pod-security.kubernetes.io/enforce";

  private final Map<String, JsonNode> labels = new HashMap<>();

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

  private String label(String namespace, String name) {
    var all = labels.get(namespace);
    return all == null ? "" : all.path(name).asText("");
  }
}
