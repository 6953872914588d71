package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.apiserver.Cluster.Registered;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that nobody writes: the controllers of Kubernetes create them from templates. */
@ExtendWith(ClusterExtension.class)
class WorkloadsTest {
  private final Cluster cluster;

  WorkloadsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  /** For the DaemonSet; nothing runs on it. */
  @BeforeAll
  static void createNode(Cluster cluster) {
    cluster.create(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node}
        """);
  }

  @Test
  void theStoredPodsOfADeploymentAreHardened() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: nginx}]}
        """);

    assertThat(stored(3, namespace))
        .allSatisfy(WorkloadsTest::isHardened)
        .allSatisfy(
            pod -> assertThat(pod.getSpec().getAffinity().getPodAntiAffinity()).isNotNull());
  }

  @Test
  void theStoredPodsOfAStatefulSetAreHardened() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: web}
        spec:
          replicas: 2
          podManagementPolicy: Parallel
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: nginx}]}
        """);

    assertThat(stored(2, namespace)).allSatisfy(WorkloadsTest::isHardened);
  }

  @Test
  void theStoredPodOfADaemonSetIsHardened() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              tolerations: [{operator: Exists}]
              containers: [{name: web, image: nginx}]
        """);

    assertThat(stored(1, namespace)).allSatisfy(WorkloadsTest::isHardened);
  }

  @Test
  void theStoredPodOfACronJobIsHardened() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(
        namespace,
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report}
        spec:
          schedule: "0 3 * * *"
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: report, image: busybox}]
        """);
    cluster
        .kubectl()
        .succeed("", "create", "job", "now", "--from=cronjob/report", "--namespace=" + namespace);

    assertThat(stored(1, namespace)).allSatisfy(WorkloadsTest::isHardened);
  }

  @Test
  void aDeploymentWhosePodsAreRefusedShowsWhyInTheEventsOfItsReplicaSet()
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("standard", Registered.BY_URL);

    apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: web, image: nginx, securityContext: {privileged: true}}
        """);

    var event =
        await()
            .atMost(Cluster.PATIENCE)
            .until(() -> refusals(namespace), list -> !list.isEmpty())
            .getFirst();
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("ReplicaSet");
    assertThat(event.getMessage())
        .isEqualTo(
            """
            Error creating: admission webhook "standard.validate.gambeson.dev" denied the request:\
             [Privileged] container "web": spec.containers[0].securityContext.privileged: found true, wanted false
            (profile "standard")
            To mend it, set:
            spec:
              containers:
              - name: web
                securityContext:
                  privileged: false\
            """);
    assertThat(cluster.client().pods().inNamespace(namespace).list().getItems()).isEmpty();
  }

  private void apply(String namespace, String yaml) throws IOException, InterruptedException {
    cluster.kubectl().succeed(yaml, "apply", "--filename=-", "--namespace=" + namespace);
  }

  private List<Pod> stored(int count, String namespace) {
    return await(count + " pods")
        .atMost(Cluster.PATIENCE)
        .until(
            () -> cluster.client().pods().inNamespace(namespace).list().getItems(),
            pods -> pods.size() == count);
  }

  private List<Event> refusals(String namespace) {
    return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getReason().equals("FailedCreate"))
        .toList();
  }

  private static void isHardened(Pod pod) {
    assertThat(pod.getMetadata().getAnnotations())
        .extractingByKey("gambeson.dev/applied")
        .asString()
        .contains("Timezone", "SeccompProfile");
    assertThat(pod.getSpec().getContainers())
        .allSatisfy(container -> {
          assertThat(container.getEnv()).anyMatch(env -> env.getName().equals("TZ"));
          assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
          var context = container.getSecurityContext();
          assertThat(context.getAllowPrivilegeEscalation()).isFalse();
          assertThat(context.getRunAsNonRoot()).isTrue();
          assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        });
  }
}
