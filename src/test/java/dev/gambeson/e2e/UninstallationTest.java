package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An uninstallation refuses nobody on its way, and leaves nothing. */
@EndToEnd
class UninstallationTest {
  private static final Logger LOG = LoggerFactory.getLogger(UninstallationTest.class);

  /** The kinds that the chart has objects of, and those that come of them. */
  private static final String KINDS =
      "mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings,"
          + "roles,rolebindings,serviceaccounts,secrets,configmaps,services,endpointslices,deployments,"
          + "replicasets,pods,jobs,poddisruptionbudgets,networkpolicies";

  private final KubectlCluster cluster;
  private final Release release;

  UninstallationTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @Test
  void atNoMomentIsThereAnEntryWithoutAServerAndNothingIsLeft() throws Exception {
    var namespace = cluster.namespace("gambeson.dev/profile=strict");
    cluster.awaitVerdict(namespace, KubectlCluster.pod().build(), KubectlCluster::isFixed);

    var load = new Load(cluster, namespace);
    try (load) {
      release.uninstall();
    }

    LOG.info(
        "uninstallation: {} reviews fixed and passed, {} not fixed, {} refused",
        load.fixed(),
        load.untouched(),
        load.refused().size());
    assertThat(load.refused()).isEmpty();
    assertThat(load.untouched()).isPositive();
    // The replicas serve on until every node has heard that they go.
    await().atMost(KubectlCluster.PATIENCE).untilAsserted(() -> assertThat(left()).isEmpty());
  }

  private String left() throws Exception {
    return cluster.kubectl(
        "get",
        KINDS,
        "--all-namespaces",
        "--selector=app.kubernetes.io/instance=gambeson",
        "--output=name");
  }
}
