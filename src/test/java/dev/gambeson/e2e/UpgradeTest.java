package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas come and go, and every pod is judged all the while. */
@EndToEnd
class UpgradeTest {
  private static final Logger LOG = LoggerFactory.getLogger(UpgradeTest.class);

  private final KubectlCluster cluster;
  private final Release release;

  UpgradeTest(KubectlCluster cluster, Release release) {
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
    cluster.awaitVerdict(namespace, KubectlCluster.pod().build(), KubectlCluster::isFixed);
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
  void anEvictionBeyondTheDisruptionBudgetIsRefused() throws Exception {
    var replicas = release.replicas();
    assertThat(replicas).hasSize(3);

    assertThat(evict(replicas.get(0))).isTrue();
    assertThat(evict(replicas.get(1))).isFalse();

    cluster.awaitRollout(Release.NAMESPACE, "deployment/" + Release.NAME);
  }

  /** Whether the API server lets the pod be evicted. */
  private boolean evict(Pod pod) {
    return cluster
        .client()
        .pods()
        .inNamespace(Release.NAMESPACE)
        .withName(pod.getMetadata().getName())
        .evict();
  }
}
