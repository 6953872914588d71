package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas come and go, and every pod is judged all the while. */
@EndToEnd
class UpgradeTest {
  private static final Logger LOG = LoggerFactory.getLogger(UpgradeTest.class);

  private final Cluster cluster;
  private final Release release;

  UpgradeTest(Cluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @BeforeEach
  void asInstalled() throws Exception {
    release.configure("");
  }

  @Test
  void noReviewIsLostWhileReplicasAreReplaced() throws Exception {
    var namespace = cluster.namespace("gambeson.dev/profile=strict");
    cluster.awaitVerdict(namespace, Cluster.pod().build(), Cluster::isFixed);
    var trusted = release.caBundles();

    var load = new Load(cluster, namespace);
    try (load) {
      for (int revision = 1; revision <= 3; revision++) {
        release.upgrade("--set=podAnnotations.revision=r" + revision);
      }
      cluster.kubectl(
          "rollout", "restart", "deployment/" + Release.NAME, "--namespace=" + Release.NAMESPACE);
      cluster.awaitRollout(Release.NAMESPACE, "deployment/" + Release.NAME);
    }

    LOG.info(
        "three upgrades and a restart: {} reviews fixed and passed, {} not fixed, {} refused",
        load.fixed(),
        load.untouched(),
        load.refused().size());
    assertThat(load.refused()).isEmpty();
    assertThat(load.untouched()).isZero();
    assertThat(load.fixed()).isPositive();
    assertThat(release.caBundles()).isEqualTo(trusted);
  }

  @Test
  void anEvictionBeyondTheDisruptionBudgetIsRefused() {
    var replicas = release.replicas();
    assertThat(replicas).hasSize(3);

    evict(replicas.get(0).getMetadata().getName());

    assertThatThrownBy(() -> evict(replicas.get(1).getMetadata().getName()))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("would violate the pod's disruption budget");
  }

  private void evict(String pod) {
    cluster.client().pods().inNamespace(Release.NAMESPACE).withName(pod).evict();
  }
}
