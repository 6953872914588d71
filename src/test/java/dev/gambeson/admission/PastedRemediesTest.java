package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.PodGenerator;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.RuleFixture;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Finding;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Who pastes the YAML of a verdict into the manifest is refused no more, but for what the verdict
 * leaves to its author.
 */
class PastedRemediesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final int PODS = 500;
  private static final TemplateReviewer REVIEWER =
      new TemplateReviewer(true, Instant.parse("2026-11-21T12:00:00Z"), Requester.UNKNOWN, CODEC);

  static Stream<Named<RuleFixture>> fixtures() {
    return Rules.all().stream()
        .flatMap(rule -> RuleFixture.of(rule).stream())
        .map(fixture -> Named.of(fixture.rule().name() + "/" + fixture, fixture));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void aPodOfAFixtureIsRefusedNoMore(RuleFixture fixture) throws Exception {
    var choice = fixture.configuration().profileFor("default", null);
    assertMended(choice, fixture.pod());
    for (var profile : List.of("standard", "strict")) {
      assertMended(ConfigurationLoader.builtIn().profileFor("default", profile), fixture.pod());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "strict"})
  void aGeneratedPodIsRefusedNoMore(String profile) throws Exception {
    var choice = ConfigurationLoader.builtIn().profileFor("default", profile);
    for (long seed : LongStream.range(0, PODS).toArray()) {
      try {
        assertMended(choice, PodGenerator.pod(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void aMemberOfEveryKindOfRemedyIsPasted() throws Exception {
    var choice = ConfigurationLoader.builtIn().profileFor("default", "strict");
    JsonNode pod =
        MAPPER.valueToTree(
            new Yaml()
                .load(
                    """
                    metadata: {name: legacy}
                    spec:
                      hostPID: true
                      securityContext:
                        runAsUser: 0
                        seLinuxOptions: {user: system_u, role: system_r, type: spc_t}
                        sysctls: [{name: net.core.somaxconn, value: "1"}, {name: net.ipv4.tcp_syncookies, value: "1"}]
                      initContainers:
                      - {name: tune, image: busybox, securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}}
                      containers:
                      - name: app
                        image: registry.example.com/legacy:2.3
                        ports:
                        - {name: web, containerPort: 8080, hostPort: 8080}
                        - {containerPort: 53, hostPort: 53, protocol: UDP}
                        - {containerPort: 53, protocol: TCP}
                        livenessProbe: {httpGet: {port: 80, host: example.com}}
                        securityContext: {runAsUser: 0, seccompProfile: {type: Unconfined}, capabilities: {drop: [all]}}
                        volumeMounts: [{name: data, mountPath: /data}, {name: share, mountPath: /share}, {name: tmp, mountPath: /tmp}]
                      volumes:
                      - {name: tmp, emptyDir: {}}
                      - {name: data, hostPath: {path: /srv/data}}
                      - {name: share, nfs: {server: nfs.example.com, path: /}}
                    """));

    var fixed = assertMended(choice, pod);

    assertThat(fixed.at("/spec/volumes").findValuesAsText("name")).containsExactly("tmp");
    assertThat(fixed.at("/spec/containers/0/volumeMounts").findValuesAsText("name"))
        .containsExactly("tmp");
    assertThat(fixed.at("/spec/containers/0/ports"))
        .hasSize(3)
        .noneMatch(port -> port.has("hostPort"));
    assertThat(fixed.at("/spec/securityContext/sysctls").findValuesAsText("name"))
        .containsExactly("net.ipv4.tcp_syncookies");
    assertThat(fixed.findValues("runAsUser")).isEmpty();
    assertThat(fixed.at("/spec/containers/0/securityContext/capabilities/drop"))
        .hasToString("[\"ALL\"]");
  }

  /** As a pod, and as what a Deployment creates. */
  private static JsonNode assertMended(Configuration.Choice choice, JsonNode pod)
      throws MalformedReviewException {
    var template = MAPPER.createObjectNode();
    ObjectNode described = template.putObject("spec").putObject("template");
    described.set("metadata", pod.path("metadata").deepCopy());
    described.withObject("/metadata").remove("ownerReferences");
    described.set("spec", pod.path("spec").deepCopy());
    described.withObject("/spec").remove("ephemeralContainers");
    template.putObject("metadata").put("name", "web");
    assertMended(choice, "apps/v1", "Deployment", template);

    ObjectNode naked = pod.deepCopy();
    naked.withObject("/metadata").remove(List.of("ownerReferences", "uid"));
    naked.withObject("/spec").remove("ephemeralContainers");
    return assertMended(choice, "v1", "Pod", naked);
  }

  private static JsonNode assertMended(
      Configuration.Choice choice, String apiVersion, String kind, JsonNode object)
      throws MalformedReviewException {
    var review = review(choice, apiVersion, kind, object);
    var enforced = review.enforced();
    if (enforced.isEmpty()) {
      return object;
    }
    var advice = Pasted.lines(review.advice(enforced));
    int ask = advice.indexOf("To fix, set:");
    var yaml = String.join("\n", advice.subList(ask + 1, advice.size()));
    var pasted = ask < 0 ? object : Pasted.into(object, yaml);

    var left =
        enforced.stream()
            .map(Finding::violation)
            .filter(violation -> violation.remedy() == null)
            .map(Violation::rule)
            .collect(Collectors.toSet());
    var remaining = review(choice, apiVersion, kind, pasted).enforced();
    assertThat(remaining)
        .as("with %s%n%s", enforced, String.join("\n", advice))
        .extracting(finding -> finding.violation().rule())
        .isSubsetOf(left);
    if (ask >= 0) {
      var remarks = String.join("\n", advice.subList(0, ask));
      assertThat(left).allMatch(remarks::contains);
    }
    return pasted;
  }

  private static TemplateReview review(
      Configuration.Choice choice, String apiVersion, String kind, JsonNode object)
      throws MalformedReviewException {
    return REVIEWER
        .review(apiVersion, kind, object, "default", choice, PodSecurityLevel.PRIVILEGED)
        .orElseThrow();
  }
}
