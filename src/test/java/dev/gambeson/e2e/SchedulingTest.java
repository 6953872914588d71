package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the scheduler makes of the fixes that spread replicas, on simulated nodes. */
@EndToEnd
class SchedulingTest {
  private static final int REPLICAS = 6;

  /** Makes one node so attractive that, left alone, replicas meet there. */
  private static final String DRAWN_TO_ONE_NODE =
      """
      affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
        {weight: 40, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-1]}]}}]}}
      """;

  private static final String DRAWN_TO_ONE_ZONE =
      """
      affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
        {weight: 40, preference: {matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [zone-b]}]}}]}}
      """;

  private static final String ON_THREE_NODES =
      """
      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
        {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-1, node-2, node-3]}]}]}}}
      """;

  private final KubectlCluster cluster;
  private final Release release;

  SchedulingTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @BeforeEach
  void needsSimulatedNodes() {
    assumeThat(cluster.client().nodes().withLabel("type", "kwok").list().getItems())
        .as("simulated nodes, from: e2e/cluster nodes 20")
        .hasSizeGreaterThanOrEqualTo(REPLICAS);
  }

  @Test
  void replicasMeetOnOneNodeUntilAntiAffinityIsFilledIn() throws Exception {
    release.configure("");
    var alone = cluster.namespace();
    var strict = cluster.namespace("gambeson.dev/profile=strict");

    deploy(alone, "web", REPLICAS, DRAWN_TO_ONE_NODE);
    deploy(strict, "web", REPLICAS, DRAWN_TO_ONE_NODE);

    assertThat(nodes(alone, "web")).hasSizeLessThan(REPLICAS);
    assertThat(nodes(strict, "web")).hasSize(REPLICAS);
  }

  @Test
  void replicasMeetInOneZoneUntilSpreadConstraintsAreFilledIn() throws Exception {
    var alone = cluster.namespace();
    var spread = cluster.namespace();
    release.configure(
        """
        profiles:
          spread:
            extends: standard
            rules:
              TopologySpread:
                fix: apply
                levels: [{topologyKey: topology.kubernetes.io/zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]
        namespaces:
        - {match: [%s], profile: spread}
        """
            .formatted(spread));
    cluster.awaitVerdict(
        spread, replica(), pod -> !pod.getSpec().getTopologySpreadConstraints().isEmpty());

    deploy(alone, "web", REPLICAS, DRAWN_TO_ONE_ZONE);
    deploy(spread, "web", REPLICAS, DRAWN_TO_ONE_ZONE);

    assertThat(zones(alone, "web").values()).doesNotContain(2L);
    assertThat(zones(spread, "web"))
        .hasSize(3)
        .allSatisfy((zone, pods) -> assertThat(pods).isEqualTo(2));
  }

  @Test
  void unrelatedDeploymentsDoNotPushEachOtherAway() throws Exception {
    release.configure(
        """
        profiles:
          strict:
            rules:
              PodAntiAffinity: {strength: required}
        """);
    var namespace = cluster.namespace("gambeson.dev/profile=strict");
    cluster.awaitVerdict(
        namespace,
        replica(),
        pod -> pod.toString().contains("requiredDuringSchedulingIgnoredDuringExecution=[Pod"));

    deploy(namespace, "web", 3, ON_THREE_NODES);
    deploy(namespace, "queue", 3, ON_THREE_NODES);

    assertThat(nodes(namespace, "web")).hasSize(3);
    assertThat(nodes(namespace, "queue")).hasSize(3);
  }

  /** A pod as the controller of replicas creates it. */
  private static Pod replica() {
    return KubectlCluster.pod()
        .editMetadata()
        .addNewOwnerReference()
        .withApiVersion("apps/v1")
        .withKind("ReplicaSet")
        .withName("web")
        .withUid("1")
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  private void deploy(String namespace, String name, int replicas, String affinity)
      throws Exception {
    cluster.apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              nodeSelector: {type: kwok}
              tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
              containers: [{name: %1$s, image: "%3$s"}]
        """
                .formatted(name, replicas, KubectlCluster.IMAGE)
            + affinity.indent(6));
    cluster.awaitRollout(namespace, "deployment/" + name);
  }

  private List<String> nodes(String namespace, String app) {
    return placed(namespace, app).stream().distinct().toList();
  }

  /** How many of an application's pods are in each zone. */
  private Map<String, Long> zones(String namespace, String app) {
    return placed(namespace, app).stream()
        .map(node -> cluster.client().nodes().withName(node).get())
        .map(node -> node.getMetadata().getLabels().get("topology.kubernetes.io/zone"))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private List<String> placed(String namespace, String app) {
    return cluster.pods(namespace, "app", app).stream()
        .map(pod -> pod.getSpec().getNodeName())
        .toList();
  }
}
