package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.tls.ServingCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server gets to see, over real TLS. */
class GambesonServerTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";

  private static TestServer server;

  @BeforeAll
  static void start() throws StartupException {
    server = TestServer.start(TestServer.LIMITS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aConfigMapWithABadConfigurationIsRefused() throws Exception {
    var review =
        """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "1", "operation": "UPDATE",
         "kind": {"group": "", "version": "v1", "kind": "ConfigMap"}, "namespace": "gambeson-system", "name": "gambeson",
         "object": {"data": {"gambeson.yaml": "apiVersion: gambeson.dev/v1alpha1\\nkind: GambesonConfig\\n%s"}}}}
        """;

    var good = MAPPER.readTree(server.post("/configuration", review.formatted("")).body());
    var bad =
        MAPPER.readTree(server.post("/configuration", review.formatted("profils: {}")).body());

    assertThat(good.at("/response/allowed").asBoolean()).isTrue();
    assertThat(bad.at("/response/allowed").asBoolean()).isFalse();
    assertThat(bad.at("/response/status/message").asText())
        .contains("gambeson.yaml:3:1: profils: there is no such key, did you mean \"profiles\"?");
  }

  @ParameterizedTest
  @CsvSource({"1.2.3, false", "1.3.0, true"})
  void onlyAConfigurationForThisVersionIsRefused(String version, boolean allowed) throws Exception {
    var review =
        """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "1", "operation": "UPDATE",
         "kind": {"group": "", "version": "v1", "kind": "ConfigMap"}, "namespace": "gambeson-system", "name": "gambeson",
         "object": {"metadata": {"labels": {"app.kubernetes.io/version": "%s"}},
                    "data": {"gambeson.yaml": "apiVersion: gambeson.dev/v1alpha1\\nkind: GambesonConfig\\nnews: {}"}}}}
        """
            .formatted(version);

    var response = MAPPER.readTree(server.post("/configuration", review).body()).path("response");

    assertThat(response.path("allowed").asBoolean()).isEqualTo(allowed);
    assertThat(response.path("warnings").valueStream().map(JsonNode::asText))
        .containsExactlyElementsOf(
            allowed
                ? List.of(
                    "Gambeson 1.2.3, which answers here, could not put this configuration for 1.3.0"
                        + " in force:",
                    "gambeson.yaml:3:1: news: there is no such key")
                : List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/mutate",
        "/mutate/standard",
        "/mutate/standard/restricted",
        "/mutate?timeout=10s"
      })
  void mutateAnswersWithAPatch(String path) throws Exception {
    var response = server.post(path, TestServer.REVIEW);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    var review = MAPPER.readTree(response.body());
    assertThat(review.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(review.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(review.at("/response/uid").asText()).isEqualTo(UID);
    assertThat(review.at("/response/allowed").asBoolean()).isTrue();
    assertThat(review.at("/response/patchType").asText()).isEqualTo("JSONPatch");
    var patch = MAPPER.readTree(Base64.getDecoder().decode(review.at("/response/patch").asText()));
    assertThat(patch)
        .isNotEmpty()
        .allMatch(operation -> operation.path("op").asText().equals("add"));
    assertThat(review.at("/response/auditAnnotations/applied.AllowPrivilegeEscalation").asText())
        .isEqualTo("true");
  }

  @Test
  void aPodThatLacksNothingIsAnsweredWithoutPatchAndPatchType() throws Exception {
    var response = response("/mutate", hardened());

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("patch")).isFalse();
    assertThat(response.has("patchType")).isFalse();
  }

  @Test
  void validateDeniesWith403AndNeverPatches() throws Exception {
    try (var log = new LogLines()) {
      var response = response("/validate/standard", TestServer.REVIEW);

      assertThat(response.path("uid").asText()).isEqualTo(UID);
      assertThat(response.path("allowed").asBoolean()).isFalse();
      assertThat(response.at("/status/code").asInt()).isEqualTo(403);
      assertThat(response.at("/status/reason").asText()).isEqualTo("Forbidden");
      assertThat(response.at("/status/message").asText())
          .contains("[AllowPrivilegeEscalation] container \"web\"");
      assertThat(response.has("patch")).isFalse();
      assertThat(response.has("patchType")).isFalse();
      assertThat(log.lines())
          .containsExactly(
              "INFO denied: review "
                  + UID
                  + " of Pod shop/web under profile standard for AllowPrivilegeEscalation");
    }
  }

  @Test
  void validateLetsAGoodPodPass() throws Exception {
    var response = response("/validate/standard", hardened());

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("patch")).isFalse();
  }

  @Test
  void aPodStillToBeNamedIsLoggedByTheBeginningOfItsName() throws Exception {
    try (var log = new LogLines()) {
      response(
          "/validate",
          TestServer.REVIEW
              .replace("\"name\":\"web\",\n", "")
              .replace(
                  "{\"metadata\":{\"name\":\"web\"}", "{\"metadata\":{\"generateName\":\"web-\"}"));

      assertThat(log.lines()).singleElement().asString().contains("of Pod shop/web-* under");
    }
  }

  @Test
  void observeDeniesNothing() throws Exception {
    assertThat(response("/observe", TestServer.REVIEW).path("allowed").asBoolean()).isTrue();
    assertThat(server.post("/observe/standard", TestServer.REVIEW).statusCode()).isEqualTo(404);
  }

  @Test
  void anUnknownProfileIsJudgedAsTheDefaultOneWithAWarningAndAMetric() throws Exception {
    double before = server.metric("gambeson_unknown_profiles_total");

    var response = response("/validate/nosuch", TestServer.REVIEW);

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("warnings"))
        .singleElement()
        .extracting(JsonNode::asText)
        .asString()
        .contains("\"nosuch\"");
    assertThat(server.metric("gambeson_unknown_profiles_total")).isEqualTo(before + 1);
    assertThat(server.manage("/metrics").body()).doesNotContain("nosuch");
  }

  @Test
  void metricsCountReviewsFixesAndViolations() throws Exception {
    response("/mutate", TestServer.REVIEW);
    response("/validate", TestServer.REVIEW);

    var metrics = server.manage("/metrics");

    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(metrics.body())
        .contains(
            "gambeson_review_duration_seconds_count{kind=\"Pod\",profile=\"standard\",verdict=\"patched\",webhook=\"mutate\"}")
        .contains(
            "gambeson_review_duration_seconds_count{kind=\"Pod\",profile=\"standard\",verdict=\"denied\",webhook=\"validate\"}")
        .contains(
            "gambeson_fixes_total{mode=\"applied\",rule=\"AllowPrivilegeEscalation\",webhook=\"mutate\"}")
        .contains(
            "gambeson_violations_total{kind=\"Pod\",mode=\"enforce\",rule=\"AllowPrivilegeEscalation\"}")
        .contains("gambeson_bad_requests_total{reason=\"malformed\"}")
        .contains("gambeson_configuration_enforces 1.0")
        .contains("gambeson_configuration_stale 0.0")
        .contains("gambeson_certificate_expiry_timestamp_seconds")
        .contains("gambeson_build_info{version=\"1.2.3\"} 1")
        .contains("jvm_memory_used_bytes")
        .contains("jvm_gc_pause_seconds_count{gc=");
  }

  @Test
  void whatAFixWouldHaveHealedIsCounted() throws Exception {
    var metric = "gambeson_healable_denials_total{rule=\"AllowPrivilegeEscalation\"}";
    double before = server.metric(metric);

    response("/validate", TestServer.REVIEW);

    assertThat(server.metric(metric)).isEqualTo(before + 1);
  }

  @Test
  void aFixThatAPodMayNotSkipIsCounted() throws Exception {
    double before = server.metric("gambeson_refused_skips_total");

    response(
        "/mutate",
        TestServer.REVIEW.replace(
            "\"metadata\":{",
            "\"metadata\":{\"annotations\":{\"gambeson.dev/skip-fixes\":\"Timezone\"},"));

    assertThat(server.metric("gambeson_refused_skips_total")).isEqualTo(before + 1);
  }

  @Test
  void managementTellsThatItLivesAndIsReady() throws Exception {
    assertThat(server.manage("/livez").statusCode()).isEqualTo(200);
    assertThat(server.manage("/readyz").statusCode()).isEqualTo(200);
    assertThat(server.manage("/readyz?verbose").body())
        .contains("[+] serving")
        .contains("[+] configuration: enforcement is on")
        .contains("[+] configuration: read at " + TestServer.STARTED)
        .contains("[+] certificate: valid until ")
        .endsWith("ready\n");
    assertThat(server.manage("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void aColdServerAnswersAndIsNotReady() throws Exception {
    try (var cold = TestServer.startCold()) {
      assertThat(cold.manage("/livez").statusCode()).isEqualTo(200);
      assertThat(cold.manage("/readyz").statusCode()).isEqualTo(503);
      assertThat(cold.post("/validate", TestServer.REVIEW).body()).contains("\"allowed\":false");
      assertThat(cold.manage("/readyz").body()).isEqualTo("warming up\n");

      cold.server.becomeWarm();
      assertThat(cold.manage("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void webhooksAreNotOnTheManagementPortNorManagementOnTheirs() throws Exception {
    assertThat(server.manage("/mutate").statusCode()).isEqualTo(404);
    assertThat(
            server.client.send(server.request("/metrics").build(), TestServer.text()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aPortInUseIsOneClearLine() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() ->
              GambesonServer.start(
                  new GambesonServer.Options(
                      "127.0.0.1",
                      taken.getLocalPort(),
                      0,
                      ServingCertificates.of(TestServer.CERTIFICATE),
                      null,
                      () ->
                          LiveConfiguration.State.of(
                              TestServer.configuration(true), TestServer.STARTED),
                      List::of,
                      TestServer.LIMITS,
                      InstantSource.system(),
                      new GambesonMetrics("1.2.3"))))
          .isInstanceOf(StartupException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1, port " + taken.getLocalPort() + ": ")
          .hasMessageContaining("Address already in use");
    }
  }

  private static JsonNode response(String path, String review) throws Exception {
    var response = server.post(path, review);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readTree(response.body().getBytes(UTF_8)).path("response");
  }

  private static String hardened() {
    return TestServer.REVIEW.replace(
        "\"image\":\"nginx\"",
        "\"image\":\"nginx\",\"securityContext\":{\"allowPrivilegeEscalation\":false}");
  }
}
