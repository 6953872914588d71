package dev.gambeson.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.review.Review;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String POD =
      """
      # A pod.
      apiVersion: v1
      kind: Pod
      metadata:
        name: agent
        namespace: net
        annotations:
          gambeson.dev/skip-fixes: Resources
      spec:
        hostNetwork: true
        containers:
        - name: main
          image: agent
          imagePullPolicy: IfNotPresent
          env:
          - {name: A, value: b}
          ports:
          - containerPort: 80
            hostPort: 80
      """;

  private static final ReportSchema SCHEMA = ReportSchema.of("review.schema.json");

  private static JsonNode json(Review review) throws IOException {
    var json = MAPPER.readTree(new JsonReport().write(review));
    SCHEMA.requireDescribed(json);
    return json;
  }

  /** And each property that the schema names is there somewhere. */
  @Test
  void theSchemaDescribesWhatIsWritten() throws IOException {
    var written = new ArrayList<JsonNode>();
    var manifests = Reviews.manifests();
    for (var profile : Set.of("observe", "standard", "strict")) {
      written.add(json(Reviews.of(Reviews.configuration(""), profile, manifests)));
    }
    written.add(
        json(
            Reviews.of(
                Reviews.configuration(
                    """
                    profiles: {standard: {rules: {Probes: {check: warn, enforceFrom: 2027-03-01}}}}
                    exemptions:
                    - {rules: [HostPorts, Timezone], namespaces: ["*"], reason: r, approvedBy: a, expires: 2027-01-03}
                    """),
                "standard",
                "apiVersion: v1\nkind: Service\n---\n" + POD)));

    SCHEMA.requireUsed(written);
  }

  @Test
  void aFixHasItsValuesItsRiskAndItsPlace() throws IOException {
    var json =
        json(
            Reviews.of(
                Reviews.configuration(
                    """
                    profiles:
                      p:
                        extends: none
                        rules:
                          ImagePullPolicy: {fix: apply, atLeast: Always}
                          Timezone: {fix: audit, zone: Asia/Shanghai}
                    """),
                "p",
                "apiVersion: v1\nkind: Service\n---\n" + POD));

    assertThat(json.at("/reviews/0/fixed"))
        .containsExactly(
            MAPPER.readTree(
                """
                {"rule": "ImagePullPolicy", "path": "spec.containers[0].imagePullPolicy", "container": "main",
                 "value": "Always", "before": "IfNotPresent", "risk": "may stop the image", "line": 17, "column": 5}
                """));
    assertThat(json.at("/reviews/0/audited"))
        .containsExactly(
            MAPPER.readTree(
                """
                {"rule": "Timezone", "path": "spec.containers[0].env[1]", "container": "main",
                 "value": {"name": "TZ", "value": "Asia/Shanghai"}, "before": null, "risk": "safe",
                 "line": 18, "column": 5}
                """));
    assertThat(json.at("/reviews/0/file").asText()).isEqualTo("a.yaml");
    assertThat(json.at("/reviews/0/document").asInt()).isEqualTo(2);
    assertThat(json.at("/reviews/0/line").asInt()).isEqualTo(5);
    assertThat(json.path("passedOver"))
        .containsExactly(
            MAPPER.readTree("{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"count\": 1}"));
  }

  @Test
  void aViolationHasItsRemedyAndAnExemptedOneItsReason() throws IOException {
    var exempted =
        Reviews.configuration(
            """
            exemptions:
            - {rules: [HostPorts], namespaces: [net], reason: the node's DNS, approvedBy: ops, expires: 2027-03-31}
            """);

    var open = json(Reviews.of(Reviews.configuration(""), "standard", POD)).at("/reviews/0");
    var closed = json(Reviews.of(exempted, "standard", POD)).at("/reviews/0");

    assertThat(open.path("verdict").asText()).isEqualTo("refused");
    assertThat(open.path("violations"))
        .filteredOn(violation -> violation.path("rule").asText().equals("HostPorts"))
        .singleElement()
        .satisfies(violation -> {
          assertThat(violation.path("remedy"))
              .isEqualTo(MAPPER.readTree("{\"action\": \"remove\"}"));
          assertThat(violation.path("found").asText()).isEqualTo("80");
          assertThat(violation.path("line").asInt()).isEqualTo(19);
          assertThat(violation.path("podSecurity").asText()).isEqualTo("baseline");
        });
    assertThat(closed.at("/exempted/0/exemptions"))
        .containsExactly(
            MAPPER.readTree(
                "{\"approvedBy\": \"ops\", \"reason\": \"the node's DNS\", \"expires\": \"2027-03-31\"}"));
  }
}
