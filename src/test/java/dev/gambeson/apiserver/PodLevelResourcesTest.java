package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Command;
import dev.gambeson.apiserver.Cluster.Registered;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a pod sets as a whole, in a namespace whose profile bounds memory to 1Gi. */
@ExtendWith(ClusterExtension.class)
class PodLevelResourcesTest {
  private static final String BEYOND =
      "[Resources] spec.resources.limits.memory: found 3Gi, wanted at most 1Gi";

  private final Cluster cluster;
  private final String namespace;

  PodLevelResourcesTest(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace(TestProfiles.BOUNDED, Registered.NOT);
  }

  @Test
  void aPodBeyondTheBoundIsRefused() throws Exception {
    cluster.register(namespace, Registered.BY_URL);

    assertThat(cluster.pods().dryRun(namespace, Pods.pod(pod("3Gi"))).message()).contains(BEYOND);
    assertThat(cluster.pods().dryRun(namespace, Pods.pod(pod("512Mi"))).message())
        .doesNotContain("[Resources]");
  }

  @Test
  void aResizeBeyondTheBoundIsRefused() throws Exception {
    cluster.kubectl().succeed(pod("512Mi"), "create", "--filename=-", "--namespace=" + namespace);
    cluster.register(namespace, Registered.BY_URL);

    var withinTheBound = resize("768Mi");
    var beyondIt = resize("3Gi");

    assertThat(withinTheBound.exitCode()).as(withinTheBound.errors()).isZero();
    assertThat(beyondIt.exitCode()).isNotZero();
    assertThat(beyondIt.errors()).contains(BEYOND);
  }

  private static String pod(String memory) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec:
      resources: {requests: {cpu: 100m, memory: 256Mi}, limits: {memory: %s}}
      containers: [{name: web, image: nginx}]
    """
        .formatted(memory);
  }

  private Command.Result resize(String memory) throws IOException, InterruptedException {
    return cluster
        .kubectl()
        .run(
            "",
            "patch",
            "pod/web",
            "--namespace=" + namespace,
            "--subresource=resize",
            "--patch={\"spec\":{\"resources\":{\"limits\":{\"memory\":\"%s\"}}}}"
                .formatted(memory));
  }
}
