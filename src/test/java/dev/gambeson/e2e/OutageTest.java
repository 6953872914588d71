package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster goes on without Gambeson as far as it should, and comes back by itself. */
@EndToEnd
class OutageTest {
  private static final Logger LOG = LoggerFactory.getLogger(OutageTest.class);
  private static final int REPLICAS = 3;

  private final KubectlCluster cluster;
  private final Release release;

  OutageTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @BeforeEach
  void asInstalled() throws Exception {
    release.configure("");
  }

  @AfterEach
  void serveAgain() throws Exception {
    release.scale(REPLICAS);
  }

  @Test
  void withoutAReplicaPodsComeAsTheFailurePolicyOfTheirNamespaceSays() throws Exception {
    var standard = cluster.namespace();
    var strict = cluster.namespace("gambeson.dev/profile=strict");
    var infrastructure = cluster.namespaceOf("topolvm-system");
    cluster.awaitVerdict(strict, pod(), KubectlCluster::isFixed);

    release.scale(0);
    release.endAtOnce();

    assertThat(KubectlCluster.isFixed(cluster.dryRun(Release.NAMESPACE, pod()))).isFalse();
    assertThat(KubectlCluster.isFixed(cluster.dryRun("kube-system", pod()))).isFalse();
    assertThat(KubectlCluster.isFixed(cluster.dryRun(infrastructure, pod()))).isFalse();
    assertThat(KubectlCluster.isFixed(cluster.dryRun(standard, pod()))).isFalse();
    assertThatThrownBy(() -> cluster.dryRun(strict, pod()))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("failed calling webhook")
        .hasMessageContaining("strict.validate.gambeson.dev");
  }

  @Test
  void aClusterWhosePodsAllGoAtOnceHealsAlone() throws Exception {
    var strict = cluster.namespace("gambeson.dev/profile=strict");
    cluster.apply(
        strict,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: web, image: "%s"}]
        """
            .formatted(KubectlCluster.IMAGE));
    cluster.awaitRollout(strict, "deployment/web");
    var before = Stream.concat(running(strict), release.replicas().stream().map(OutageTest::uid));
    var gone = before.collect(Collectors.toSet());
    var start = Instant.now();

    cluster.kubectl("delete", "pods", "--all", "--all-namespaces", "--force");

    await()
        .atMost(KubectlCluster.PATIENCE)
        .until(() ->
            running(strict).filter(uid -> !gone.contains(uid)).count() == 2
                && release.replicas().stream()
                        .filter(replica -> Readiness.isPodReady(replica))
                        .filter(replica -> !gone.contains(uid(replica)))
                        .count()
                    == REPLICAS);
    LOG.info(
        "all pods were back {} after they were deleted", Duration.between(start, Instant.now()));
    assertThat(cluster.pods(strict, "app", "web")).hasSize(2).allMatch(KubectlCluster::isFixed);
  }

  private Stream<String> running(String namespace) {
    return cluster.pods(namespace, "app", "web").stream()
        .filter(pod -> Readiness.isPodReady(pod))
        .map(OutageTest::uid);
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static Pod pod() {
    return KubectlCluster.pod().build();
  }
}
