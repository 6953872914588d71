package dev.gambeson.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  private static final String POD =
      """
      {"metadata": {"name": "web", "namespace": "shop", "uid": "u1",
        "annotations": {"gambeson.dev/applied": "ReadOnlyRootFilesystem"}},
       "spec": {"containers": [{"name": "web", "image": "web",
        "securityContext": {"readOnlyRootFilesystem": true}}]},
       "status": {"phase": "Running", "containerStatuses": [
        {"name": "web", "restartCount": 1, "state": {"running": {}},
         "lastState": {"terminated": {"reason": "Error", "exitCode": 1}}}]}}
      """;
  private static final String NAMESPACE =
      "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"gambeson.dev/profile\": \"strict\"}}}";

  @TempDir Path folder;
  private final Map<String, String> answers = new HashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private String kubeconfig = "";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    answers.put("/api/v1/namespaces/shop", NAMESPACE);
    answers.put("/api/v1/namespaces/shop/pods/web", POD);
    kubeconfig =
        Files.writeString(
                folder.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {}}]
                contexts: [{name: c, context: {cluster: c, user: u, namespace: shop}}]
                """
                    .formatted(server.getAddress().getPort()))
            .toString();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** What is not there is forbidden. */
  private void answer(HttpExchange exchange) throws IOException {
    var query = exchange.getRequestURI().getQuery();
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    var path =
        exchange.getRequestURI().getPath()
            + (query != null && query.contains("previous=true") ? "?previous" : "");
    var body = answers.get(path);
    var answer =
        body != null
            ? body
            : "{\"kind\": \"Status\", \"code\": 403, \"message\": \"may not read %s\"}"
                .formatted(path);
    var bytes = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(body == null ? 403 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Invocation explain(String... words) {
    var all = new ArrayList<>(List.of("explain", "--kubeconfig", kubeconfig));
    all.addAll(List.of(words));
    return Invocation.of(all.toArray(String[]::new));
  }

  @Test
  void theLogsOfThisRunAndTheOneBeforeAreRead() throws Exception {
    answers.put("/api/v1/namespaces/shop/pods/web/log", "fine\n");
    answers.put(
        "/api/v1/namespaces/shop/pods/web/log?previous", "mkdir /data: read-only file system\n");

    var silent = explain("web");
    var explained = explain("pod/web", "--logs", "--output", "json");

    assertThat(silent.exitCode()).isZero();
    assertThat(silent.out()).contains("Pod shop/web: Running, web: 1 restart");
    assertThat(explained.exitCode()).isEqualTo(1);
    assertThat(explained.json().path("kind").asText()).isEqualTo("PodExplanation");
    var diagnosis = explained.json().at("/diagnoses/0");
    assertThat(diagnosis.path("rule").asText()).isEqualTo("ReadOnlyRootFilesystem");
    assertThat(diagnosis.path("certainty").asText()).isEqualTo("likely");
    assertThat(diagnosis.at("/remedies/0/yaml").asText()).contains("mountPath: /data");
    assertThat(asked).allSatisfy(request -> assertThat(request).startsWith("GET "));
  }

  @Test
  void whatCannotBeReadIsNoted() {
    var explained = explain("web");

    assertThat(explained.out())
        .contains("events: not read: may not read /api/v1/namespaces/shop/events")
        .contains("the rules are those of the built-in profiles, because ");
  }

  @Test
  void theProfileIsThatOfTheNamespaceUnlessItIsNamed() throws Exception {
    assertThat(explain("web", "-o", "json").json().path("profile").asText()).isEqualTo("strict");
    assertThat(explain("web", "-o", "json", "-p", "standard").json().path("profile").asText())
        .isEqualTo("standard");
    assertThat(explain("web", "-p", "lax").err()).contains("there is no profile \"lax\"");
  }

  @Test
  void aPodThatMayNotBeReadSaysWhatIsMissing() {
    var explained = explain("web", "-n", "other");

    assertThat(explained.exitCode()).isEqualTo(2);
    assertThat(explained.err()).contains("may not read /api/v1/namespaces/other/pods/web");
  }

  @Test
  void twoConfigurationsAreOneTooMany() {
    var explained = explain("web", "--config", "a", "--config-map", "b/c");

    assertThat(explained.exitCode()).isEqualTo(2);
    assertThat(explained.err())
        .contains("--config and a configuration from the cluster: give one of them");
  }

  @Test
  void aConfigurationIsFollowed() throws Exception {
    var config =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            namespaces: [{match: [shop], profile: observe}]
            """);

    assertThat(
            explain("web", "-o", "json", "--config", config.toString())
                .json()
                .path("profile")
                .asText())
        .isEqualTo("observe");
  }
}
