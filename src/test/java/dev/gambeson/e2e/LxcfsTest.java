package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chart's lxcfs serves the pods of its node. */
@EndToEnd
class LxcfsTest {

  /** Not where the node's own lxcfs is. */
  private static final String ROOT = "/run/gambeson/lxcfs";

  private final KubectlCluster cluster;
  private final Release release;

  LxcfsTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @BeforeEach
  void install() throws Exception {
    release.upgrade("--set=lxcfs.enabled=true", "--set=lxcfs.root=" + ROOT);
    release.configure(
        "profiles: {standard: {rules: {LxcfsMounts: {fix: apply, root: %s}}}}".formatted(ROOT));
  }

  @AfterEach
  void uninstall() throws Exception {
    release.upgrade("--set=lxcfs.enabled=false");
  }

  @Test
  void podsSeeTheirLimitsAlsoAfterACrash() throws Exception {
    var namespace = cluster.namespace();
    cluster.awaitVerdict(namespace, pod("first"), pod -> pod.toString().contains(ROOT));

    assertThat(memory(namespace, "first")).containsPattern("MemTotal: +65536 kB");

    var lxcfs = lxcfsBeside(namespace, "first");
    cluster.exec(Release.NAMESPACE, lxcfs, "sh", "-c", "kill -KILL $(cat /run/lxcfs.pid)");
    await().atMost(KubectlCluster.PATIENCE).until(() -> restarts(lxcfs) == 1);
    cluster.awaitReady(Release.NAMESPACE, lxcfs);

    assertThat(memory(namespace, "second")).containsPattern("MemTotal: +65536 kB");
  }

  /** Runs a pod, and reads there how much memory it has. */
  private String memory(String namespace, String name) throws Exception {
    cluster.client().pods().inNamespace(namespace).resource(pod(name)).create();
    cluster.awaitReady(namespace, name);
    return cluster.exec(namespace, name, "grep", "MemTotal", "/proc/meminfo").output();
  }

  private static Pod pod(String name) {
    return KubectlCluster.pod()
        .editMetadata()
        .withName(name)
        .addToLabels("gambeson.dev/lxcfs", "true")
        .endMetadata()
        .editSpec()
        .withTerminationGracePeriodSeconds(1L)
        .editFirstContainer()
        .withNewResources()
        .addToLimits("memory", new Quantity("64Mi"))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  /** The name of the pod of lxcfs on the same node. */
  private String lxcfsBeside(String namespace, String name) {
    var node = cluster.pod(namespace, name).getSpec().getNodeName();
    return cluster.pods(Release.NAMESPACE, "app.kubernetes.io/name", "lxcfs").stream()
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .findAny()
        .orElseThrow()
        .getMetadata()
        .getName();
  }

  private int restarts(String lxcfs) {
    return cluster
        .pod(Release.NAMESPACE, lxcfs)
        .getStatus()
        .getContainerStatuses()
        .getFirst()
        .getRestartCount();
  }
}
