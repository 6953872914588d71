package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node makes of pods that Gambeson has hardened. */
@EndToEnd
class HardenedPodsTest {
  private static final Logger LOG = LoggerFactory.getLogger(HardenedPodsTest.class);
  private static final String STRICT = "gambeson.dev/profile=strict";

  private final KubectlCluster cluster;
  private final Release release;

  HardenedPodsTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @BeforeEach
  void showLimits() throws Exception {
    release.configure(
        """
        profiles:
          standard:
            rules:
              LxcfsMounts: {fix: apply}
              Timezone: {zone: Asia/Shanghai}
        """);
  }

  @Test
  void aDeploymentUnderStrictRunsWithoutAnyRight() throws Exception {
    var namespace = cluster.namespace(STRICT);
    cluster.awaitVerdict(
        namespace, KubectlCluster.pod().build(), pod -> pod.toString().contains("Asia/Shanghai"));

    cluster.apply(namespace, deployment(KubectlCluster.IMAGE, "gambeson.dev/lxcfs: \"true\"", ""));
    cluster.awaitRollout(namespace, "deployment/web");

    assertThat(inside(namespace, "id")).startsWith("uid=10001");
    assertThat(inside(namespace, "grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status"))
        .containsPattern("CapEff:\\s+0000000000000000\n")
        .containsPattern("NoNewPrivs:\\s+1\n")
        .containsPattern("Seccomp:\\s+2\n");
    assertThat(inside(namespace, "touch /file || true; touch /tmp/file && echo /tmp is writable"))
        .contains("Read-only file system", "/tmp is writable");
    assertThat(inside(namespace, "ls /var/run/secrets/kubernetes.io || true"))
        .contains("No such file or directory");
    assertThat(inside(namespace, "echo $TZ")).isEqualTo("Asia/Shanghai\n");
    assertThat(inside(namespace, "grep MemTotal /proc/meminfo"))
        .as("the container's limit")
        .containsPattern("MemTotal: +65536 kB");
  }

  /** What a shell prints there, its errors included. */
  private String inside(String namespace, String script) throws Exception {
    var result = cluster.exec(namespace, "deployment/web", "sh", "-c", "{ " + script + "; } 2>&1");
    LOG.info("inside the pod: {} -> {}", script, result.output().strip());
    assertThat(result.exitCode()).as(result.errors()).isZero();
    return result.output();
  }

  @Test
  void anImageThatWantsRootRunsUnderStandard() throws Exception {
    var namespace = cluster.namespace();

    cluster.apply(namespace, deployment("busybox:root", "", ""));

    cluster.awaitRollout(namespace, "deployment/web");
    assertThat(inside(namespace, "id -u")).isEqualTo("0\n");
  }

  @Test
  void anImageThatWantsRootEndsAsTheKubeletsErrorUnderStrict() throws Exception {
    var namespace = cluster.namespace(STRICT);

    cluster.apply(namespace, deployment("busybox:root", "", ""));

    await()
        .atMost(KubectlCluster.PATIENCE)
        .untilAsserted(() ->
            assertThat(cluster.describe(namespace, "pods"))
                .contains(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root"));
  }

  @Test
  void aPrivilegedWorkloadIsRefusedAtApplyUnderStrict() throws Exception {
    var namespace = cluster.namespace(STRICT);

    var result =
        cluster.tryToApply(namespace, deployment(KubectlCluster.IMAGE, "", "privileged: true"));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errors())
        .contains(
            "[Privileged] container \"web\":"
                + " spec.template.spec.containers[0].securityContext.privileged");
  }

  @Test
  void aPrivilegedPodIsRefusedWhereItsReplicaSetSaysSo() throws Exception {
    var namespace = cluster.namespace();

    var warned = cluster.apply(namespace, deployment(KubectlCluster.IMAGE, "", "privileged: true"));

    assertThat(warned).contains("pods will be refused: [Privileged] container \"web\"");
    await()
        .atMost(KubectlCluster.PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() ->
            assertThat(cluster.describe(namespace, "replicasets"))
                .contains(
                    "denied the request: [Privileged] container \"web\":"
                        + " spec.containers[0].securityContext.privileged: found true",
                    "Fix the Deployment (or other owner) of ReplicaSet \"web-"));
  }

  private static String deployment(String image, String label, String securityContext) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata:
          labels:
            app: web
            %s
        spec:
          containers:
          - name: web
            image: %s
            command: [sleep, "100000"]
            resources: {limits: {memory: 64Mi}}
            securityContext: {%s}
    """
        .formatted(label, image, securityContext);
  }
}
