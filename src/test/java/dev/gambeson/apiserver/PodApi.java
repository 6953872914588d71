package dev.gambeson.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.regex.Pattern;

/** Creates pods as JSON, whatever fields they have, and returns all that the API server answers. */
final class PodApi implements AutoCloseable {
  private static final Pattern WARNING = Pattern.compile("\\d+ \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient http;
  private final String url;

  PodApi(Config config) {
    this.url = config.getMasterUrl();
    try {
      http = HttpClient.newBuilder().sslContext(SSLUtils.sslContext(config)).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the client certificate cannot be used", e);
    }
  }

  /**
   * What the API server answered.
   *
   * @param body the pod, or the Status of a refusal
   * @param auditId under which the audit log has the request
   */
  record Answer(int status, ObjectNode body, List<String> warnings, String auditId) {
    boolean accepted() {
      return status < 300;
    }

    String message() {
      return body.path("message").asText();
    }
  }

  /** What would be stored. */
  Answer dryRun(String namespace, JsonNode pod) throws IOException, InterruptedException {
    return post("/api/v1/namespaces/" + namespace + "/pods?dryRun=All", pod);
  }

  /**
   * What would be stored of any object.
   *
   * @param path of its collection, {@code /apis/apps/v1/namespaces/shop/deployments}
   */
  Answer dryRunAt(String path, JsonNode object) throws IOException, InterruptedException {
    return post(path + "?dryRun=All", object);
  }

  /** Stores the pod. */
  Answer create(String namespace, JsonNode pod) throws IOException, InterruptedException {
    return post("/api/v1/namespaces/" + namespace + "/pods", pod);
  }

  /** What would be stored if that container were added to a stored pod for debugging. */
  Answer dryRunDebug(String namespace, String name, JsonNode container)
      throws IOException, InterruptedException {
    var patch = mapper.createObjectNode();
    patch.putObject("spec").putArray("ephemeralContainers").add(container);
    return send(
        "PATCH",
        "/api/v1/namespaces/%s/pods/%s/ephemeralcontainers?dryRun=All".formatted(namespace, name),
        "application/strategic-merge-patch+json",
        patch);
  }

  private Answer post(String path, JsonNode body) throws IOException, InterruptedException {
    return send("POST", path, "application/json", body);
  }

  private Answer send(String method, String path, String contentType, JsonNode body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url).resolve(path))
            .header("Content-Type", contentType)
            .method(method, BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)))
            .build();
    var response = http.send(request, BodyHandlers.ofByteArray());
    var warnings =
        response.headers().allValues("Warning").stream()
            .flatMap(header -> WARNING.matcher(header).results())
            .map(warning -> ESCAPED.matcher(warning.group(1)).replaceAll("$1"))
            .toList();
    return new Answer(
        response.statusCode(),
        mapper.readValue(response.body(), ObjectNode.class),
        warnings,
        response.headers().firstValue("Audit-Id").orElseThrow());
  }

  @Override
  public void close() {
    http.close();
  }
}
