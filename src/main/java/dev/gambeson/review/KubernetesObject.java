package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;

/**
 * An object to judge, or one that says how others are judged.
 *
 * @param apiVersion the object's, which an item of a typed list does not write itself
 * @param kind likewise
 * @param path its place in its document: the root, unless it is an item of a {@code List}
 */
public record KubernetesObject(String apiVersion, String kind, FieldPath path, JsonNode value) {
  public String namespace(String otherwise) {
    var namespace = value.path("metadata").path("namespace").asText("");
    return namespace.isEmpty() ? otherwise : namespace;
  }

  /** {@code shop/web}, or {@code web} where it names no namespace. */
  public String name() {
    var namespace = namespace("");
    return (namespace.isEmpty() ? "" : namespace + "/")
        + value.path("metadata").path("name").asText();
  }

  /** {@code Deployment shop/web}. */
  public String title(String otherwise) {
    return kind + " " + namespace(otherwise) + "/" + value.path("metadata").path("name").asText();
  }
}
