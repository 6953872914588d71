package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AppliedAnnotation;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.RuleFixture;
import dev.gambeson.rules.Rules;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cases of each rule with a fix, sent through the API server. */
@ExtendWith(ClusterExtension.class)
class RuleCasesTest {
  private final Cluster cluster;
  private final String unregistered;
  private final String registered;

  RuleCasesTest(Cluster cluster) {
    this.cluster = cluster;
    unregistered = cluster.namespace(Registered.NOT, Map.of());
    registered = cluster.namespace(Registered.TO_MUTATE, Map.of());
    for (var namespace : List.of(unregistered, registered)) {
      cluster.createServiceAccount(namespace, "builder");
    }
  }

  @TestFactory
  Stream<DynamicContainer> rules() {
    return Rules.all().stream()
        .filter(Rule.Fix.class::isInstance)
        .map(rule -> dynamicContainer(rule.name(), cases(rule)));
  }

  private Stream<DynamicNode> cases(Rule rule) {
    var fixtures =
        RuleFixture.of(rule).stream()
            .filter(fixture ->
                fixture.canBeSent() && !fixture.has("scope.yaml") && isAccepted(fixture.pod()))
            .toList();
    var cases =
        fixtures.stream()
            .<DynamicNode>map(fixture -> dynamicTest(fixture.toString(), () -> verify(fixture)));
    var both =
        dynamicTest(
            "has pods that lack it and pods whose author set it",
            () ->
                assertThat(fixtures)
                    .extracting(fixture -> fixture.has("fixed.yaml"))
                    .contains(true, false));
    return Stream.concat(cases, Stream.of(both));
  }

  private void verify(RuleFixture fixture) throws Exception {
    cluster.configure(fixture.configuration());
    try {
      var first = cluster.pods().dryRun(registered, fixture.pod());
      var second = cluster.pods().dryRun(registered, Pods.comparable(first.body()));

      assertThat(withoutAnnotation(first.body()))
          .isEqualTo(Pods.comparable(cluster.pods().dryRun(unregistered, fixture.fixed()).body()));
      assertThat(cluster.apiServer().patches(first.auditId()))
          .hasSize(fixture.has("fixed.yaml") ? 1 : 0);
      assertThat(second.message()).isEmpty();
      assertThat(cluster.apiServer().patches(second.auditId())).as("the second pass").isEmpty();
    } finally {
      cluster.configure(cluster.configuration());
    }
  }

  private boolean isAccepted(JsonNode pod) {
    try {
      return cluster.pods().dryRun(unregistered, pod).accepted();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode withoutAnnotation(JsonNode pod) {
    var copy = Pods.comparable(pod);
    var annotations = copy.withObject("/metadata/annotations");
    annotations.remove(AppliedAnnotation.NAME);
    if (annotations.isEmpty()) {
      copy.withObject("/metadata").remove("annotations");
    }
    return copy;
  }
}
