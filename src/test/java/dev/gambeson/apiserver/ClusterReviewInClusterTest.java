package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.charts.Chart;
import dev.gambeson.cli.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code gambeson review --cluster} foretells what a real cluster does. */
@ExtendWith(ClusterExtension.class)
class ClusterReviewInClusterTest {
  private static final String PLAIN = "containers: [{name: web, image: nginx}]";
  private static final String PRIVILEGED =
      "containers: [{name: web, image: nginx, securityContext: {privileged: true}}]";

  private final Cluster cluster;

  @TempDir Path folder;

  ClusterReviewInClusterTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void eachNamespaceIsJudgedByTheProfileThatItHas() throws Exception {
    var namespace = cluster.namespace("standard", Registered.NOT);
    create(namespace, Workload.Deployment.yaml(PRIVILEGED));
    var observed = cluster.namespace(TestProfiles.WARNED, Registered.NOT);
    create(observed, Workload.Deployment.yaml(PRIVILEGED));

    var review = review("-n", namespace, "--config", config(), "-o", "json");

    assertThat(review.exitCode()).as(review.err()).isEqualTo(1);
    var judged = review.json().path("reviews");
    assertThat(judged).hasSize(1);
    assertThat(judged.at("/0/profile").asText()).isEqualTo("standard");
    assertThat(judged.at("/0/verdict").asText()).isEqualTo("refused");
    assertThat(judged.at("/0/file").asText()).isEqualTo("cluster");
    assertThat(judged.at("/0").has("line")).isFalse();
    assertThat(review("-A", "--config", config()).flow())
        .contains("REFUSED Deployment " + namespace + "/web (profile standard)")
        .contains("Deployment " + observed + "/web (profile " + TestProfiles.WARNED + ")")
        .doesNotContain("REFUSED Deployment " + observed);
  }

  @Test
  void namespacesThatNoWebhookCoversAreTold() throws Exception {
    var covered = cluster.namespace("strict", Registered.BY_URL);
    var fixed = cluster.namespace("strict", Registered.TO_MUTATE);
    var bare = cluster.namespace("strict", Registered.NOT);

    assertThat(review("-n", covered, "--config", config()).err()).isEmpty();
    assertThat(review("-n", fixed, "--config", config()).err())
        .contains("namespaces " + fixed + ": pods are fixed there, and nothing is refused");
    assertThat(review("-n", bare, "--config", config()).err())
        .contains("namespaces " + bare + ": no webhook entry covers pods there");
  }

  @Test
  void whatRunsUnhardenedIsStale() throws Exception {
    var namespace = cluster.namespace("strict", Registered.NOT);
    create(namespace, Workload.Deployment.yaml(PLAIN));
    create(namespace, Workload.CronJob.yaml(PRIVILEGED));
    create(
        namespace,
        Workload.StatefulSet.yaml(PRIVILEGED)
            .replace("spec: {selector", "spec: {replicas: 0, selector"));
    await("the pod of the Deployment")
        .atMost(Cluster.PATIENCE)
        .until(() -> !pods(namespace).isEmpty());
    cluster.register(namespace, Registered.BY_URL);

    var stale = review("--stale", "-n", namespace, "--config", config());

    assertThat(stale.exitCode()).as(stale.err()).isEqualTo(1);
    assertThat(stale.flow())
        .contains("WILL BE REFUSED CronJob " + namespace + "/web (profile strict): schedule 0 3")
        .contains("WILL BE REFUSED StatefulSet " + namespace + "/web (profile strict): scaled to")
        .contains("[Privileged]")
        .contains(
            "WILL CHANGE Deployment "
                + namespace
                + "/web (profile strict): 1 of 1 pod runs without")
        .contains("RunAsNonRoot (may stop the image)");

    for (var pod : pods(namespace)) {
      cluster.client().pods().inNamespace(namespace).withName(pod).withGracePeriod(0).delete();
    }
    await("the hardened pod to stand for the Deployment")
        .atMost(Cluster.PATIENCE)
        .until(() ->
            !review("--stale", "-n", namespace, "--config", config())
                .flow()
                .contains("Deployment " + namespace));
  }

  @Test
  void theClusterRoleOfTheChartSuffices() throws Exception {
    var namespace = cluster.namespace("strict", Registered.BY_URL);
    create(namespace, Workload.Deployment.yaml(PLAIN));
    for (JsonNode object :
        Chart.objects(Chart.render(namespace, "{rbac: {create: false, reviewer: true}}"))) {
      if (object.path("kind").asText().equals("ClusterRole")) {
        cluster.client().resource(object.toString()).create();
        cluster
            .kubectl()
            .succeed(
                "",
                "create",
                "clusterrolebinding",
                namespace,
                "--clusterrole=" + object.at("/metadata/name").asText(),
                "--serviceaccount=" + namespace + ":default");
      }
    }
    var token =
        cluster.kubectl().succeed("", "create", "token", "default", "-n", namespace).strip();
    var kubeconfig = kubeconfig(token);

    await("the role to be in force")
        .atMost(Cluster.PATIENCE)
        .untilAsserted(() -> {
          var review = review(kubeconfig, "-A", "--config", config(), "-o", "json");
          assertThat(review.json().path("problems")).isEmpty();
          assertThat(review.json().path("remarks").toString()).doesNotContain("are not read");
          assertThat(review.out()).contains("\"namespace\" : \"" + namespace);
        });
    assertThat(cluster.kubectl().run("", "--kubeconfig=" + kubeconfig, "get", "secrets").exitCode())
        .isNotZero();
  }

  @Test
  void withoutRightsEachListIsSaid() throws Exception {
    var namespace = cluster.namespace("strict", Registered.NOT);
    var token =
        cluster.kubectl().succeed("", "create", "token", "default", "-n", namespace).strip();

    var review = review(kubeconfig(token), "-n", namespace, "--config", config());

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err())
        .contains("deployments are not read: deployments.apps is forbidden")
        .contains("pods are not read: ")
        .doesNotContain("no webhook");
  }

  private List<String> pods(String namespace) {
    return cluster.client().pods().inNamespace(namespace).list().getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private void create(String namespace, String yaml) {
    cluster.client().resource(yaml).inNamespace(namespace).create();
  }

  private Invocation review(String... arguments) throws Exception {
    return review(cluster.apiServer().kubeconfig(), arguments);
  }

  private static Invocation review(Path kubeconfig, String... arguments) {
    var all =
        new ArrayList<>(List.of("review", "--cluster", "--kubeconfig", kubeconfig.toString()));
    Collections.addAll(all, arguments);
    return Invocation.of(all.toArray(String[]::new));
  }

  private String config() throws Exception {
    return Files.writeString(folder.resolve("config.yaml"), TestProfiles.CONFIGURATION).toString();
  }

  private Path kubeconfig(String token) throws Exception {
    var config = cluster.client().getConfiguration();
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        """
            .formatted(config.getMasterUrl(), token));
  }
}
