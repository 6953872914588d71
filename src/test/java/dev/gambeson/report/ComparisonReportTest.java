package dev.gambeson.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.review.ClusterReview;
import dev.gambeson.review.Comparison;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.review.RunningPods;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pods of all fixtures, compared under each two profiles, and as those of a cluster. */
class ComparisonReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> PROFILES = List.of("observe", "standard", "strict");
  private static final String QUOTA =
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: none, namespace: default}
      spec: {hard: {requests.cpu: 1m}}
      """;

  private final Configuration configuration = Reviews.configuration("");
  private final List<KubernetesObject> objects;

  ComparisonReportTest() throws IOException {
    var manifests = new Manifests();
    for (var text : Reviews.manifests()) {
      manifests.add(manifests.files().size() + ".yaml", text);
    }
    manifests.add("quota.yaml", QUOTA);
    objects = manifests.objects().toList();
  }

  @Test
  void theSchemaDescribesComparisons() throws IOException {
    var schema = ReportSchema.of("comparison.schema.json");
    var written = new ArrayList<JsonNode>();
    for (var before : PROFILES) {
      for (var after : PROFILES) {
        var comparison = Comparison.of(objects, List.of(), terms(before), terms(after));
        var json =
            MAPPER.readTree(ComparisonReport.json(comparison, List.of("a.yaml"), List.of("b")));
        schema.requireDescribed(json);
        written.add(json);
        if (before.equals(after)) {
          assertThat(json.path("changes")).isEmpty();
          assertThat(json.path("added")).isEmpty();
        }
      }
    }
    schema.requireUsed(written);
  }

  /** And what one way adds, the other takes. */
  @Test
  void theWayBackIsTheOpposite() {
    for (var profile : PROFILES) {
      var there = Comparison.of(objects, List.of(), terms("standard"), terms(profile));
      var back = Comparison.of(objects, List.of(), terms(profile), terms("standard"));

      assertThat(back.changes()).hasSameSizeAs(there.changes());
      for (int i = 0; i < there.changes().size(); i++) {
        var one = there.changes().get(i);
        var other = back.changes().get(i);
        assertThat(other.object()).isEqualTo(one.object());
        assertThat(other.noLongerFixed()).isEqualTo(one.newlyFixed());
        assertThat(other.noLongerRefused()).isEqualTo(one.newlyRefused());
        assertThat(other.fields()).hasSameSizeAs(one.fields());
      }
    }
  }

  @Test
  void theSchemaDescribesStaleWorkloads() throws IOException {
    var schema = ReportSchema.of("stale.schema.json");
    var written = new ArrayList<JsonNode>();
    var pods = objects.stream().filter(object -> object.kind().equals("Pod")).toList();
    var running =
        pods.stream()
            .limit(pods.size() / 2)
            .map(pod ->
                new RunningPods(
                    "Pod",
                    pod.namespace("default"),
                    pod.value().at("/metadata/name").asText(),
                    pod,
                    3))
            .toList();
    for (var profile : PROFILES) {
      var stale = new ClusterReview(objects, running, terms(profile)).stale();
      var json = MAPPER.readTree(StaleReport.json(stale, List.of("pods"), List.of("b")));
      schema.requireDescribed(json);
      written.add(json);
    }
    schema.requireUsed(written);
    assertThat(written.getFirst().path("workloads")).isEmpty();
  }

  private ReviewTerms terms(String profile) {
    return new ReviewTerms(
        configuration,
        configuration.choose(profile).orElseThrow(),
        "default",
        Reviews.NOW,
        Requester.UNKNOWN,
        false);
  }
}
