package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodDefaultsTest {

  @Test
  void whatEveryPodHas() {
    var spec = defaulted("containers: [{name: web, image: nginx}]").getSpec();

    assertThat(spec.getDnsPolicy()).isEqualTo("ClusterFirst");
    assertThat(spec.getRestartPolicy()).isEqualTo("Always");
    assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(30);
    assertThat(spec.getSecurityContext()).isNotNull();
    assertThat(spec.getEnableServiceLinks()).isTrue();
    assertThat(spec.getSchedulerName()).isEqualTo("default-scheduler");
    assertThat(spec.getServiceAccountName()).isEqualTo("default");
    assertThat(spec.getPriority()).isZero();
    assertThat(spec.getPreemptionPolicy()).isEqualTo("PreemptLowerPriority");
    assertThat(spec.getTolerations())
        .extracting(Toleration::getKey)
        .containsExactly("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
  }

  @Test
  void whatTheAuthorWroteStays() {
    var spec =
        defaulted(
                """
                dnsPolicy: None
                terminationGracePeriodSeconds: 0
                enableServiceLinks: false
                serviceAccount: robot
                priorityClassName: system-node-critical
                tolerations: [{operator: Exists}]
                containers: [{name: web, image: nginx, imagePullPolicy: Never}]
                """)
            .getSpec();

    assertThat(spec.getDnsPolicy()).isEqualTo("None");
    assertThat(spec.getTerminationGracePeriodSeconds()).isZero();
    assertThat(spec.getEnableServiceLinks()).isFalse();
    assertThat(spec.getServiceAccountName()).isEqualTo("robot");
    assertThat(spec.getPriority()).isEqualTo(2_000_001_000);
    assertThat(spec.getTolerations()).hasSize(1);
    assertThat(spec.getContainers().getFirst().getImagePullPolicy()).isEqualTo("Never");
  }

  @Test
  void theTokenIsMountedIntoEveryContainerThatHasNone() {
    var spec =
        defaulted(
                """
                volumes: [{name: data}]
                initContainers: [{name: init, image: a}]
                containers:
                - {name: web, image: a, volumeMounts: [{name: data, mountPath: /data}]}
                - name: own
                  image: a
                  volumeMounts: [{name: data, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]
                """)
            .getSpec();

    assertThat(spec.getVolumes())
        .extracting(Volume::getName)
        .containsExactly("data", "kube-api-access-xxxxx");
    assertThat(mounts(spec.getInitContainers().getFirst()))
        .containsExactly("kube-api-access-xxxxx");
    assertThat(mounts(spec.getContainers().get(0)))
        .containsExactly("data", "kube-api-access-xxxxx");
    assertThat(mounts(spec.getContainers().get(1))).containsExactly("data");
    assertThat(spec.getVolumes().getFirst().getEmptyDir()).isNotNull();
  }

  @Test
  void noTokenWhereThePodWantsNone() {
    var spec =
        defaulted("{automountServiceAccountToken: false, containers: [{name: web, image: a}]}")
            .getSpec();

    assertThat(spec.getVolumes()).isEmpty();
    assertThat(mounts(spec.getContainers().getFirst())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, Always",
    "nginx:latest, Always",
    "nginx:1.29, IfNotPresent",
    "host:5000/nginx, Always",
    "host:5000/nginx:1, IfNotPresent",
    "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, IfNotPresent",
    "nginx:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, Always",
    "nginx:latest@sha256:0123, IfNotPresent",
    "NGINX:latest, IfNotPresent",
    "'', IfNotPresent",
  })
  void pullPolicyByTag(String image, String policy) {
    var spec = defaulted("containers: [{name: web, image: \"" + image + "\"}]").getSpec();

    assertThat(spec.getContainers().getFirst().getImagePullPolicy()).isEqualTo(policy);
  }

  @Test
  void requestsComeFromLimits() {
    var spec =
        defaulted(
                "containers: [{name: web, image: a, resources: {limits: {cpu: 2, memory: 1Gi}, requests: {cpu: 1}}}]")
            .getSpec();

    assertThat(spec.getContainers().getFirst().getResources().getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("1"), "memory", new Quantity("1Gi")));
  }

  @Test
  void requestsOfThePodComeFromItsContainersThenFromItsLimits() {
    var requests =
        defaulted(
                """
                resources: {limits: {cpu: 2, memory: 1Gi}}
                initContainers:
                - {name: early, image: a, resources: {requests: {cpu: 200m}}}
                - {name: sidecar, image: a, restartPolicy: Always, resources: {requests: {cpu: 100m}}}
                - {name: late, image: a, resources: {requests: {cpu: 500m}}}
                containers: [{name: web, image: a, resources: {requests: {cpu: 300m}}}]
                """)
            .getSpec()
            .getResources()
            .getRequests();

    assertThat(requests.get("cpu")).isEqualTo(new Quantity("600m"));
    assertThat(requests.get("memory")).isEqualTo(new Quantity("1Gi"));
  }

  @Test
  void portsAreTheHostsUnderHostNetwork() {
    var containers = "containers: [{name: web, image: a, ports: [{containerPort: 80}]}]";

    assertThat(hostPort(defaulted(containers))).isNull();
    assertThat(hostPort(defaulted("hostNetwork: true\n" + containers))).isEqualTo(80);
  }

  @Test
  void applyingThemTwiceIsApplyingThemOnce() {
    var pod = defaulted("containers: [{name: web, image: nginx}]");
    var once = Serialization.asJson(pod);

    PodDefaults.apply(pod);

    assertThat(Serialization.asJson(pod)).isEqualTo(once);
  }

  private static Integer hostPort(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getPorts().getFirst().getHostPort();
  }

  private static Iterable<String> mounts(Container container) {
    return container.getVolumeMounts().stream().map(VolumeMount::getName).toList();
  }

  private static Pod defaulted(String spec) {
    var pod = Serialization.unmarshal("metadata: {name: web}\nspec:\n" + spec.indent(2), Pod.class);
    PodDefaults.apply(pod);
    return pod;
  }
}
