package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The fix agrees with what the API server's own Priority plugin has computed before it. */
@ExtendWith(ClusterExtension.class)
class PriorityClassTest {
  private static final String CLASS =
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: %s}
      value: %d
      preemptionPolicy: %s
      globalDefault: %b
      """;

  private final Cluster cluster;

  PriorityClassTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void restore() {
    cluster.configure(cluster.configuration());
  }

  private static Configuration configuration(String options) throws ConfigurationException {
    return ConfigurationLoader.load(
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: fixture
        profiles: {fixture: {rules: {PriorityClass: {fix: apply, %s}}}}
        """
            .formatted(options),
        "PriorityClassTest");
  }

  @Test
  void aClassTakesThePlaceOfNone()
      throws IOException, InterruptedException, ConfigurationException {
    cluster.create(CLASS.formatted("batch-jobs", -10, "Never", false));
    var namespace = cluster.namespace(Registered.TO_MUTATE, Map.of());
    cluster.configure(configuration("classes: [{priorityClassName: batch-jobs, pods: {}}]"));

    var spec = cluster.pods().dryRun(namespace, Pods.plain("web")).body().path("spec");

    assertThat(spec.path("priorityClassName").asText()).isEqualTo("batch-jobs");
    assertThat(spec.path("priority").asInt()).isEqualTo(-10);
    assertThat(spec.path("preemptionPolicy").asText()).isEqualTo("Never");
  }

  @Test
  void aClassTakesThePlaceOfTheGlobalDefault()
      throws IOException, InterruptedException, ConfigurationException {
    var namespace = cluster.namespace(Registered.TO_MUTATE, Map.of());
    var plain = cluster.namespace(Registered.NOT, Map.of());
    cluster.create(CLASS.formatted("important", 1000, "Never", false));
    cluster.create(CLASS.formatted("ordinary", 100, "PreemptLowerPriority", true));
    try {
      await()
          .atMost(Cluster.PATIENCE)
          .until(() ->
              cluster.pods().dryRun(plain, Pods.plain("web")).body().at("/spec/priority").asInt()
                  == 100);
      var classes = "classes: [{priorityClassName: important, pods: {matchLabels: {app: web}}}]";

      cluster.configure(configuration(classes));
      var untold = cluster.pods().dryRun(namespace, Pods.plain("web")).body().path("spec");
      cluster.configure(configuration(classes + ", globalDefault: ordinary"));
      var told = cluster.pods().dryRun(namespace, Pods.plain("web")).body().path("spec");

      assertThat(untold.path("priorityClassName").asText()).isEqualTo("ordinary");
      assertThat(told.path("priorityClassName").asText()).isEqualTo("important");
      assertThat(told.path("priority").asInt()).isEqualTo(1000);
      assertThat(told.path("preemptionPolicy").asText()).isEqualTo("Never");
    } finally {
      cluster.client().scheduling().v1().priorityClasses().withName("ordinary").delete();
      await()
          .atMost(Cluster.PATIENCE)
          .until(() ->
              cluster.pods().dryRun(plain, Pods.plain("web")).body().at("/spec/priority").asInt()
                  == 0);
    }
  }

  @Test
  void aClassThatDoesNotExistIsRefusedByTheApiServer()
      throws IOException, InterruptedException, ConfigurationException {
    var namespace = cluster.namespace(Registered.TO_MUTATE, Map.of());
    cluster.configure(configuration("classes: [{priorityClassName: missing, pods: {}}]"));

    var answer = cluster.pods().dryRun(namespace, Pods.plain("web"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message()).contains("no PriorityClass with name missing was found");
  }
}
