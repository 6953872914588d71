package dev.gambeson.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.gambeson.review.Review;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SarifReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: net}
      spec:
        containers:
        - name: main
          image: agent:1
          securityContext:
            privileged: true
        - name: other
          image: agent:1
          ports:
          - {name: web, containerPort: 80, hostPort: 80}
      """;

  private static JsonNode sarif(String configuration, String... manifests) throws IOException {
    return sarif(Reviews.of(Reviews.configuration(configuration), "standard", manifests));
  }

  private static JsonNode sarif(Review review) throws IOException {
    return MAPPER.readTree(new SarifReport("1.2.3", false).write(review)).at("/runs/0");
  }

  private static JsonNode resultOf(String rule, JsonNode run) {
    return StreamSupport.stream(run.path("results").spliterator(), false)
        .filter(result -> result.path("ruleId").asText().equals(rule))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void isValid() throws IOException {
    var data = System.getProperty("gambeson.data", "");
    Assumptions.assumeFalse(data.isEmpty(), "no gambeson.data");
    var schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(MAPPER.readTree(Path.of(data, "schemas/sarif-2.1.0.json").toFile()));
    var manifests = Reviews.manifests();

    for (var profile : List.of("observe", "standard", "strict")) {
      var review = Reviews.of(Reviews.configuration(EXEMPTED), profile, manifests);
      var log = MAPPER.readTree(new SarifReport("1.2.3", true).write(review));
      assertThat(log.at("/runs/0/results")).isNotEmpty();
      assertThat(schema.validate(log)).isEmpty();
    }
    var unreadable = Reviews.of(Reviews.configuration(""), "standard", "a: [");
    assertThat(schema.validate(MAPPER.readTree(new SarifReport("1", true).write(unreadable))))
        .isEmpty();
  }

  private static final String EXEMPTED =
      """
      exemptions:
      - {rules: [HostPorts], namespaces: ["*"], reason: the node's DNS, approvedBy: ops, expires: 2027-03-31}
      """;

  @Test
  void aViolationHasItsPlaceItsLevelAndTheHelpOfItsRule() throws IOException {
    var run = sarif("", POD);

    var privileged = resultOf("Privileged", run);
    assertThat(privileged.path("level").asText()).isEqualTo("error");
    assertThat(privileged.at("/message/text").asText())
        .isEqualTo(
            "Pod net/agent: container \"main\": spec.containers[0].securityContext.privileged:"
                + " found true, wanted false; set it to false");
    assertThat(privileged.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("a.yaml");
    assertThat(privileged.at("/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(9);
    assertThat(resultOf("RunAsNonRoot", run).path("level").asText()).isEqualTo("warning");
    for (var result : run.path("results")) {
      var rule = run.at("/tool/driver/rules").path(result.path("ruleIndex").asInt());
      assertThat(rule.path("id")).isEqualTo(result.path("ruleId"));
      assertThat(rule.at("/help/markdown").asText()).startsWith("# " + rule.path("id").asText());
    }
  }

  @Test
  void anExemptedViolationIsSuppressed() throws IOException {
    var suppressed = resultOf("HostPorts", sarif(EXEMPTED, POD)).path("suppressions");

    assertThat(suppressed.at("/0/justification").asText())
        .isEqualTo("exempted, approved by ops until 2027-03-31: the node's DNS");
    assertThat(resultOf("HostPorts", sarif("", POD)).has("suppressions")).isFalse();
  }

  @Test
  void fingerprintsSurviveMovedLinesAndContainers() throws IOException {
    var moved =
        "# A comment.\n\n"
            + POD.replace(
                "  containers:\n", "  containers:\n  - name: first\n    image: first:1\n");

    for (var rule : List.of("Privileged", "HostPorts")) {
      var before = resultOf(rule, sarif("", POD)).path("partialFingerprints");
      assertThat(before).hasSize(1);
      assertThat(resultOf(rule, sarif("", moved)).path("partialFingerprints")).isEqualTo(before);
      assertThat(resultOf(rule, sarif("", POD.replace("name: agent", "name: b"))))
          .extracting(result -> result.path("partialFingerprints"))
          .isNotEqualTo(before);
    }
  }

  @Test
  void noTwoResultsHaveOneFingerprint() throws IOException {
    var results = sarif("", POD + "---\n" + POD, POD).path("results");

    assertThat(results).isNotEmpty();
    assertThat(results.findValuesAsText("gambesonViolation/v1")).doesNotHaveDuplicates();
  }

  @Test
  void whatCannotBeReadIsANotification() throws IOException {
    var run = sarif("", "a: [");

    assertThat(run.at("/invocations/0/executionSuccessful").asBoolean(true)).isFalse();
    assertThat(run.at("/invocations/0/toolExecutionNotifications/0/message/text").asText())
        .startsWith("a.yaml: document 1, line ");
  }

  @ParameterizedTest
  @CsvSource({
    "k8s/web app.yaml, k8s/web%20app.yaml",
    "ä#?.yaml, %C3%A4%23%3F.yaml",
    "a:b.yaml, ./a:b.yaml",
    "/srv/web.yaml, file:///srv/web.yaml",
    "%41.yaml, %2541.yaml",
  })
  void anyNameOfAFileIsAUri(String name, String uri) {
    assertThat(SarifReport.uri(name)).isEqualTo(uri);
  }
}
