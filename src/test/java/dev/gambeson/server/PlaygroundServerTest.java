package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.playground.Playground;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaygroundServerTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PROXY = "https://gambeson.example.com";

  private static PlaygroundServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws StartupException {
    server =
        PlaygroundServer.start(
            new Playground(Playground.CONFIGURATION, InstantSource.system()),
            "127.0.0.1",
            0,
            URI.create(PROXY),
            TestServer.LIMITS);
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Test
  void thePageLoadsFromThisServerAlone() throws Exception {
    var page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; ")
        .contains("connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'")
        .doesNotContain("unsafe", "http:", "https:", "*");
    assertThat(page.headers().map())
        .containsEntry("X-Content-Type-Options", List.of("nosniff"))
        .containsEntry("Referrer-Policy", List.of("no-referrer"))
        .containsEntry("Cache-Control", List.of("no-store"));
  }

  @Test
  void theNonceIsAnotherForEachPage() throws Exception {
    assertThat(nonce(get("/"))).isNotEqualTo(nonce(get("/")));
  }

  private static String nonce(HttpResponse<String> page) {
    var nonce = page.body().replaceAll("(?s).*nonce=\"([^\"]+)\".*", "$1");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("script-src 'self' 'nonce-" + nonce + "'");
    return nonce;
  }

  @Test
  void everyModuleOfTheImportMapIsServed() throws Exception {
    var imports =
        MAPPER
            .readTree(get("/").body().replaceAll("(?s).*<script type=\"importmap\"[^>]*>", ""))
            .path("imports");

    assertThat(imports.size()).isGreaterThan(10);
    for (var path : imports) {
      var module = get(path.asText().substring(1));
      assertThat(module.statusCode()).isEqualTo(200);
      assertThat(module.headers().firstValue("Content-Type"))
          .contains("text/javascript; charset=utf-8");
      assertThat(module.headers().firstValue("Cache-Control"))
          .contains("max-age=31536000, immutable");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/index.html",
        "/examples/",
        "/examples/none.yaml",
        "/../config/builtin.yaml",
        "/%2e%2e/config/builtin.yaml",
        "/examples/%2e%2e/%2e%2e/config/builtin.yaml",
        "/..%2fconfig%2fbuiltin.yaml",
        "/Playground.class",
        "/_static/at/codemirror/state/package.json"
      })
  void noOtherFileIsServed(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void aManifestIsFixedAndJudged() throws Exception {
    var answer = ask("/review", "{\"manifest\":" + MAPPER.writeValueAsString(PRIVILEGED) + "}");

    assertThat(answer.path("fixed").asText())
        .startsWith(PRIVILEGED)
        .contains("    seccompProfile:\n      type: RuntimeDefault\n");
    var violation = answer.at("/report/reviews/0/violations/0");
    assertThat(violation.path("rule").asText()).isEqualTo("Privileged");
    assertThat(violation.path("line").asInt()).isEqualTo(7);
    assertThat(answer.path("profiles")).extracting(JsonNode::asText).contains("strict");
  }

  @Test
  void aProblemHasItsLine() throws Exception {
    var answer = ask("/review", "{\"manifest\":\"apiVersion: v1\\nkind: Pod\\n x: 1\\n\"}");

    assertThat(answer.at("/problems/0/line").asInt()).isEqualTo(3);
    assertThat(answer.path("fixed").asText()).isEqualTo("apiVersion: v1\nkind: Pod\n x: 1\n");
  }

  @Test
  void aBadConfigurationJudgesNothing() throws Exception {
    var answer =
        ask(
            "/review",
            """
            {"manifest":"","configuration":"apiVersion: gambeson.dev/v1alpha1\\nkind: GambesonConfig\\nprofile: {}\\n"}
            """);

    assertThat(answer.at("/configurationProblems/0/line").asInt()).isEqualTo(3);
    assertThat(answer.at("/configurationProblems/0/message").asText())
        .startsWith("profile: ")
        .contains("profiles");
    assertThat(answer.has("report")).isFalse();
  }

  @Test
  void theProfileCanBeOneOfTheConfiguration() throws Exception {
    var lax =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles: {lax: {}}
        """;
    var question = MAPPER.createObjectNode().put("manifest", PRIVILEGED);
    question.put("configuration", lax).put("profile", "lax");

    var answer = ask("/review", question.toString());

    assertThat(answer.at("/report/reviews/0/allowed").asBoolean()).isTrue();
    assertThat(answer.path("fixed").asText()).isEqualTo(PRIVILEGED);
  }

  @Test
  void theAdmissionReviewsAreThoseOfThePod() throws Exception {
    var answer = ask("/admission", "{\"manifest\":" + MAPPER.writeValueAsString(PRIVILEGED) + "}");

    var exchanges = answer.path("exchanges");
    assertThat(exchanges)
        .extracting(exchange -> exchange.path("path").asText())
        .containsExactly("/mutate/standard/privileged", "/validate/standard/privileged");
    assertThat(exchanges.at("/0/patch/0/op").asText()).isEqualTo("add");
    assertThat(exchanges.at("/0/response/response/patchType").asText()).isEqualTo("JSONPatch");
    assertThat(exchanges.at("/1/request/request/object/spec/securityContext/seccompProfile/type"))
        .as("the pod with the patch")
        .hasToString("\"RuntimeDefault\"");
    assertThat(exchanges.at("/1/response/response/status/message").asText())
        .contains("[Privileged]");
  }

  @Test
  void aWorkloadIsValidatedBeforeItsPod() throws Exception {
    var answer = ask("/admission", "{\"manifest\":" + MAPPER.writeValueAsString(DEPLOYMENT) + "}");

    assertThat(answer.path("exchanges"))
        .extracting(exchange ->
            exchange.at("/request/request/kind/kind").asText()
                + " by "
                + exchange.at("/request/request/userInfo/username").asText())
        .containsExactly(
            "Deployment by you@example.com",
            "Pod by system:serviceaccount:kube-system:replicaset-controller",
            "Pod by system:serviceaccount:kube-system:replicaset-controller");
  }

  @Test
  void anExemptionIsSuggested() throws Exception {
    var answer = ask("/exemptions", "{\"manifest\":" + MAPPER.writeValueAsString(PRIVILEGED) + "}");

    assertThat(answer.path("exemptions").asText()).contains("- rules:\n  - Privileged\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"manifest\":1,\"x\":2}", "{\"manifest\":\"\"} {}", "{"})
  void whatIsNoQuestionIsRefused(String body) throws Exception {
    assertThat(post("/review", body, "application/json", null).statusCode()).isEqualTo(400);
  }

  @Test
  void aQuestionIsJson() throws Exception {
    assertThat(post("/review", "{\"manifest\":\"\"}", "text/plain", null).statusCode())
        .isEqualTo(415);
    assertThat(post("/", "", "application/json", null).statusCode()).isEqualTo(405);
  }

  @Test
  void aQuestionIsBounded() throws Exception {
    var large = "{\"manifest\":\"" + " ".repeat(PlaygroundRoutes.BODY) + "\"}";

    var answer = post("/review", large, "application/json", null);

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("2 MiB");
  }

  @Test
  void pagesOfOtherSitesMayNotAsk() throws Exception {
    assertThat(askFrom("https://evil.example").statusCode()).isEqualTo(403);
    assertThat(askFrom("null").statusCode()).isEqualTo(403);
    assertThat(askFrom("http://localhost:" + (server.port() + 1)).statusCode()).isEqualTo(403);
    assertThat(askFrom("http://127.0.0.1:" + server.port()).statusCode()).isEqualTo(200);
    assertThat(askFrom(PROXY).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> askFrom(String origin) throws Exception {
    return post("/review", "{\"manifest\":\"\"}", "application/json", origin);
  }

  @Test
  void otherNamesAreNotThisServer() throws Exception {
    assertThat(statusFor("evil.example")).isEqualTo(403);
    assertThat(statusFor("evil.example:" + server.port())).isEqualTo(403);
    assertThat(statusFor("localhost.evil.example")).isEqualTo(403);
    assertThat(statusFor("localhost")).isEqualTo(200);
    assertThat(statusFor("LOCALHOST:1")).isEqualTo(200);
    assertThat(statusFor("[::1]:" + server.port())).isEqualTo(200);
    assertThat(statusFor("gambeson.example.com")).isEqualTo(200);
  }

  private static int statusFor(String host) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  private static final String PRIVILEGED =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: shell}
      spec:
        containers:
        - name: shell
          securityContext: {privileged: true}
          image: busybox
      """;

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: web, image: nginx}
      """;

  private static JsonNode ask(String path, String question) throws Exception {
    var answer = post(path, question, "application/json", null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(
      String path, String body, String contentType, @Nullable String origin) throws Exception {
    var request =
        request(path).POST(BodyPublishers.ofString(body)).header("Content-Type", contentType);
    if (origin != null) {
      request.header("Origin", origin);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
