package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.Pasted;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.PodGenerator;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rules.RuleFixture;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pod that the API server accepts is accepted with the YAML of a verdict in it. */
@ExtendWith(ClusterExtension.class)
class PastedRemediesInClusterTest {
  private static final int PODS = 200;
  private static final TemplateReviewer REVIEWER =
      new TemplateReviewer(
          true, Instant.parse("2026-11-21T12:00:00Z"), Requester.UNKNOWN, new ReviewCodec());

  private final Cluster cluster;
  private final String namespace;

  PastedRemediesInClusterTest(Cluster cluster) {
    this.cluster = cluster;
    namespace = cluster.namespace(Registered.NOT, Map.of());
    cluster.createServiceAccount(namespace, "builder");
  }

  @Test
  void areAccepted() throws Exception {
    var generated = LongStream.range(0, PODS).<JsonNode>mapToObj(PodGenerator::pod);
    var fixtures =
        Rules.all().stream()
            .flatMap(rule -> RuleFixture.of(rule).stream())
            .filter(RuleFixture::canBeSent)
            .map(RuleFixture::pod);
    int pasted = 0;
    var softly = new SoftAssertions();
    for (var pod :
        Stream.concat(generated, fixtures).map(PastedRemediesInClusterTest::naked).toList()) {
      var fixed = fixed(pod);
      if (!fixed.equals(pod) && cluster.pods().dryRun(namespace, pod).accepted()) {
        pasted++;
        softly
            .assertThat(cluster.pods().dryRun(namespace, fixed).message())
            .as("%s%nmade of%n%s", fixed.toPrettyString(), pod.toPrettyString())
            .isEmpty();
      }
    }
    softly.assertAll();
    assertThat(pasted).as("accepted pods into which something is pasted").isGreaterThan(PODS / 4);
  }

  private static ObjectNode naked(JsonNode pod) {
    ObjectNode naked = pod.deepCopy();
    naked.withObject("/metadata").remove(List.of("ownerReferences", "uid"));
    naked.withObject("/spec").remove("ephemeralContainers");
    return naked;
  }

  private static JsonNode fixed(JsonNode pod) throws Exception {
    var choice = ConfigurationLoader.builtIn().profileFor("default", "strict");
    var review =
        REVIEWER
            .review("v1", "Pod", pod, "default", choice, PodSecurityLevel.PRIVILEGED)
            .orElseThrow();
    var advice =
        Pasted.lines(
            review.advice(review.findings().stream().filter(Finding::isEnforced).toList()));
    int ask = advice.indexOf("To fix, set:");
    return ask < 0
        ? pod
        : Pasted.into(pod, String.join("\n", advice.subList(ask + 1, advice.size())));
  }
}
