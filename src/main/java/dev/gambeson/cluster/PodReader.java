package dev.gambeson.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.Suggestion;
import dev.gambeson.explain.ObservedPod;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pod of a live cluster, and what tells how it fares. Only the pod must be readable: what
 * else the user may not read is missing, and a note names the permission.
 */
public final class PodReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  /** Where the controllers of Kubernetes keep the templates of their pods. */
  private static final Map<String, String> OWNERS =
      Map.of(
          "apps/v1 ReplicaSet", "/apis/apps/v1/namespaces/%s/replicasets/%s",
          "apps/v1 StatefulSet", "/apis/apps/v1/namespaces/%s/statefulsets/%s",
          "apps/v1 DaemonSet", "/apis/apps/v1/namespaces/%s/daemonsets/%s",
          "batch/v1 Job", "/apis/batch/v1/namespaces/%s/jobs/%s",
          "v1 ReplicationController", "/api/v1/namespaces/%s/replicationcontrollers/%s");

  private static final int MOST_OBJECTS = 500;
  private static final int MOST_SUGGESTIONS = 5;
  private static final int MOST_LOGS = 20;
  private static final int LINES = 500;
  private static final int BYTES = 1 << 20;

  private final KubernetesClient client;
  private final Config config;
  private final String namespace;
  private final List<String> notes = new ArrayList<>();

  private PodReader(KubernetesClient client, Config config, String namespace) {
    this.client = client;
    this.config = config;
    this.namespace = namespace;
  }

  /**
   * Reads a pod.
   *
   * @param logs whether to read the last lines of its containers
   * @throws UnreadableClusterException if there is no such pod, or it cannot be read
   */
  public static ObservedPod read(ClusterAccess access, String namespace, String name, boolean logs)
      throws UnreadableClusterException {
    if (!NAME.matcher(namespace).matches() || !NAME.matcher(name).matches()) {
      throw new UnreadableClusterException(
          "\"%s\" is not a valid name"
              .formatted(
                  Violation.clean(
                      Violation.shorten(NAME.matcher(name).matches() ? namespace : name, 100))));
    }
    var config = access.config();
    config.setRequestRetryBackoffLimit(0);
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      return new PodReader(client, config, namespace).read(name, logs);
    } catch (KubernetesClientException e) {
      throw ClusterAccess.explained(e, config);
    }
  }

  private ObservedPod read(String name, boolean logs) throws UnreadableClusterException {
    var pod = object("/api/v1/namespaces/%s/pods/%s".formatted(namespace, name)).orElse(null);
    if (pod == null) {
      throw new UnreadableClusterException(
          "there is no pod \"%s\" in the namespace \"%s\" of the cluster %s%s"
              .formatted(name, namespace, config.getMasterUrl(), suggestions(name)));
    }
    var uid = pod.at("/metadata/uid").asText();
    var events =
        items(
            "events",
            "/api/v1/namespaces/%s/events?limit=%d&fieldSelector=%s"
                .formatted(namespace, MOST_OBJECTS, encoded("involvedObject.uid=" + uid)));
    return new ObservedPod(
        pod,
        owner(pod),
        optional("the namespace", "/api/v1/namespaces/" + namespace).orElse(null),
        items("LimitRanges", "/api/v1/namespaces/%s/limitranges".formatted(namespace)),
        events,
        logs ? logs(pod, name) : Map.of(),
        notes);
  }

  /** The references of an object are written by anybody: the owner must be the very one. */
  private @Nullable KubernetesObject owner(JsonNode pod) {
    for (var reference : pod.at("/metadata/ownerReferences")) {
      var apiVersion = reference.path("apiVersion").asText();
      var kind = reference.path("kind").asText();
      var name = reference.path("name").asText();
      var path = OWNERS.get(apiVersion + " " + kind);
      if (reference.path("controller").asBoolean()
          && path != null
          && NAME.matcher(name).matches()) {
        return optional("%s \"%s\"".formatted(kind, name), path.formatted(namespace, name))
            .filter(owner -> owner.at("/metadata/uid").equals(reference.path("uid")))
            .map(owner -> new KubernetesObject(apiVersion, kind, FieldPath.ROOT, owner))
            .orElse(null);
      }
    }
    return null;
  }

  /** The last lines of each container, of the run before this one first. */
  private Map<String, List<String>> logs(JsonNode pod, String name) {
    var logs = new HashMap<String, List<String>>();
    Stream.of("initContainerStatuses", "containerStatuses")
        .flatMap(list -> pod.path("status").path(list).valueStream())
        .limit(MOST_LOGS)
        .forEach(status -> {
          var container = status.path("name").asText();
          var lines = new ArrayList<String>();
          if (status.path("lastState").has("terminated")) {
            lines.addAll(log(name, container, true));
          }
          if (!status.path("state").has("waiting")) {
            lines.addAll(log(name, container, false));
          }
          logs.put(container, lines);
        });
    return logs;
  }

  private List<String> log(String name, String container, boolean previous) {
    try {
      var text =
          client.raw(
              "/api/v1/namespaces/%s/pods/%s/log?container=%s&tailLines=%d&limitBytes=%d&previous=%s"
                  .formatted(namespace, name, encoded(container), LINES, BYTES, previous));
      return text == null ? List.of() : text.lines().toList();
    } catch (KubernetesClientException e) {
      note("the log of container \"%s\"".formatted(container), e);
      return List.of();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String suggestions(String name) {
    List<String> names;
    try {
      names =
          list("/api/v1/namespaces/%s/pods?limit=%d".formatted(namespace, MOST_OBJECTS)).stream()
              .map(pod -> pod.at("/metadata/name").asText())
              .toList();
    } catch (KubernetesClientException e) {
      return "";
    }
    var longer =
        names.stream()
            .filter(each -> each.startsWith(name + "-"))
            .limit(MOST_SUGGESTIONS)
            .collect(Collectors.joining(", "));
    return longer.isEmpty()
        ? Suggestion.text(name, names)
        : ", but there " + (longer.contains(",") ? "are " : "is ") + longer;
  }

  private List<JsonNode> items(String title, String path) {
    try {
      return list(path);
    } catch (KubernetesClientException e) {
      note(title, e);
      return List.of();
    }
  }

  private List<JsonNode> list(String path) {
    return object(path).stream().flatMap(list -> list.path("items").valueStream()).toList();
  }

  private Optional<ObjectNode> optional(String title, String path) {
    try {
      return object(path);
    } catch (KubernetesClientException e) {
      note(title, e);
      return Optional.empty();
    }
  }

  private void note(String title, KubernetesClientException e) {
    var status = e.getStatus();
    var said = status == null ? e.getMessage() : status.getMessage();
    notes.add(
        "%s: not read: %s"
            .formatted(title, Violation.clean(Objects.requireNonNullElse(said, "no answer"))));
  }

  /** Empty where there is none. */
  private Optional<ObjectNode> object(String path) {
    try {
      var text = client.raw(path);
      return text != null && MAPPER.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      throw new KubernetesClientException("the API server answers no JSON", e);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
