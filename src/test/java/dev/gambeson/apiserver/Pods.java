package dev.gambeson.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** Pods as JSON. */
final class Pods {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TOKEN_VOLUME_NAME = "kube-api-access-aaaaa";
  private static final Pattern TOKEN_VOLUME = Pattern.compile("kube-api-access-[a-z0-9]{5}");

  private Pods() {}

  /** A pod from YAML. */
  static ObjectNode pod(String yaml) {
    return (ObjectNode) json(yaml);
  }

  /** Any value from YAML. */
  static JsonNode json(String yaml) {
    return MAPPER.valueToTree(new Yaml().load(yaml));
  }

  /** What the author of a Deployment writes: a name and an image. */
  static ObjectNode plain(String name) {
    return pod(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {app: web}
        spec:
          containers:
          - {name: web, image: nginx}
        """
            .formatted(name));
  }

  /**
   * The pod as one may create it again: without what the API server gives to each object of its
   * own, a generated name among it, with the token volume, whose name is random, under one name and
   * last, and with the tolerations, to which the API server adds some before the webhooks do, in
   * one order.
   */
  static ObjectNode comparable(JsonNode pod) {
    try {
      var copy =
          MAPPER.readValue(
              TOKEN_VOLUME.matcher(pod.toString()).replaceAll(TOKEN_VOLUME_NAME), ObjectNode.class);
      copy.remove("status");
      copy.withObject("/metadata")
          .remove(
              List.of(
                  "uid",
                  "namespace",
                  "creationTimestamp",
                  "generation",
                  "managedFields",
                  "resourceVersion"));
      if (copy.at("/metadata").has("generateName")) {
        copy.withObject("/metadata").remove("name");
      }
      copy.findParents("volumes").forEach(parent -> tokenLast(parent.path("volumes")));
      copy.findParents("volumeMounts").forEach(parent -> tokenLast(parent.path("volumeMounts")));
      copy.findParents("tolerations")
          .forEach(parent -> sort((ArrayNode) parent.path("tolerations")));
      return copy;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void sort(ArrayNode list) {
    var sorted = list.valueStream().sorted(Comparator.comparing(JsonNode::toString)).toList();
    list.removeAll().addAll(sorted);
  }

  private static void tokenLast(JsonNode list) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path("name").asText().equals(TOKEN_VOLUME_NAME)) {
        ((ArrayNode) list).add(((ArrayNode) list).remove(i));
        return;
      }
    }
  }
}
