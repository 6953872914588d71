package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an administrator has to configure before it does anything: registries, labels and such. */
@ExtendWith(ClusterExtension.class)
class ImagesAndLabelsTest {
  private static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      defaultProfile: trusted
      profiles:
        trusted:
          rules:
            RequiredLabels:
              fix: apply
              check: enforce
              labels: {status: serving}
              required: {status: [], team: [web, "shop-*"]}
            ImageRegistry:
              fix: apply
              check: enforce
              allowed: ["mirror.example.com:5000/*"]
              mirrors: [{from: docker.io, to: "mirror.example.com:5000/docker.io"}]
            ImagePullPolicy: {fix: apply, check: enforce}
            ImageTag: {check: enforce, digest: optional}
            SecretsInEnv: {check: enforce}
            RuntimeSockets: {check: enforce}
            NodeName: {check: enforce}
      """;

  private final Cluster cluster;
  private final String namespace;

  ImagesAndLabelsTest(Cluster cluster) {
    this.cluster = cluster;
    namespace = cluster.namespace(Registered.BY_URL, Map.of());
  }

  @BeforeEach
  void configure() throws ConfigurationException {
    cluster.configure(ConfigurationLoader.load(CONFIGURATION, "configuration"));
  }

  @AfterEach
  void restore() {
    cluster.configure(cluster.configuration());
  }

  @Test
  void anImageComesThroughTheNearestMirrorAndItsRegistryIsAskedAtEachStart() throws Exception {
    var pod = dryRun(pod("image: 'nginx:1.29'")).body();

    assertThat(pod.at("/spec/containers/0/image").asText())
        .isEqualTo("mirror.example.com:5000/docker.io/library/nginx:1.29");
    assertThat(pod.at("/spec/containers/0/imagePullPolicy").asText()).isEqualTo("Always");
  }

  @Test
  void anImageOfAnotherRegistryIsRefused() throws Exception {
    assertThat(dryRun(pod("image: 'mirror.example.com.evil.org/nginx:1.29'")).message())
        .contains(
            "[ImageRegistry] container \"web\": spec.containers[0].image: found"
                + " mirror.example.com.evil.org/nginx:1.29, wanted an image of"
                + " mirror.example.com:5000/*");
    assertThat(dryRun(pod("image: 'mirror.example.com:5000.evil.org/nginx:1.29'")).message())
        .contains(
            "[ImageRegistry] container \"web\": spec.containers[0].image: found"
                + " mirror.example.com:5000.evil.org/nginx:1.29, wanted a readable reference");
  }

  @Test
  void aFloatingTagIsRefused() throws Exception {
    assertThat(dryRun(pod("image: 'nginx'")).message())
        .contains("[ImageTag]")
        .contains("found mirror.example.com:5000/docker.io/library/nginx, wanted the tag");
  }

  @Test
  void labelsThatOperationsRelyOnAreAddedOrAskedFor() throws Exception {
    var pod = pod("image: 'nginx:1.29'");
    assertThat(dryRun(pod).body().at("/metadata/labels/status").asText()).isEqualTo("serving");

    pod.withObject("/metadata").remove("labels");

    assertThat(dryRun(pod).message())
        .contains("[RequiredLabels] metadata.labels.team: found nothing, wanted web or shop-*")
        .doesNotContain("metadata.labels.status");
  }

  @Test
  void aSecretInAPlainValueIsRefusedAndNotShown() throws Exception {
    var answer =
        dryRun(pod("image: 'nginx:1.29', env: [{name: DB_PASSWORD, value: hunter2-hunter2}]"));

    assertThat(answer.message())
        .contains("spec.containers[0].env[0]: found DB_PASSWORD in plain text")
        .contains("secretKeyRef:");
    assertThat(answer.body().toString() + answer.warnings()).doesNotContain("hunter2");
  }

  @Test
  void theSocketOfARuntimeIsRefused() throws Exception {
    var pod = pod("image: 'nginx:1.29', volumeMounts: [{name: run, mountPath: /host}]");
    pod.withObject("/spec")
        .set("volumes", Pods.json("[{name: run, hostPath: {path: //var/run/}}]"));

    assertThat(dryRun(pod).message())
        .contains(
            "found //var/run/ (above /run/docker.sock) in volume \"run\", mounted in \"web\"");
  }

  @Test
  void aNodeThatTheAuthorChoseIsRefusedWhateverStatusHeWrote() throws Exception {
    var pod = pod("image: 'nginx:1.29'");
    pod.withObject("/spec").put("nodeName", "node-1");
    pod.set("status", Pods.json("conditions: [{type: PodScheduled, status: 'True'}]"));

    assertThat(dryRun(pod).message()).contains("[NodeName] spec.nodeName: found node-1");
  }

  @Test
  void theNodeThatTheSchedulerChoseIsNoFaultOfALaterUpdate() throws Exception {
    assertThat(cluster.pods().create(namespace, pod("image: 'nginx:1.29'")).accepted()).isTrue();
    cluster
        .kubectl()
        .succeed(
            """
            {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "web"},
             "target": {"apiVersion": "v1", "kind": "Node", "name": "node-1"}}
            """,
            "create",
            "--raw=/api/v1/namespaces/" + namespace + "/pods/web/binding",
            "--filename=-");

    setImage("mirror.example.com:5000/docker.io/library/nginx:1.30");

    var refused =
        cluster
            .kubectl()
            .run("", "set", "image", "pod/web", "web=evil.org/nginx:1", "--namespace=" + namespace);
    assertThat(refused.errors()).contains("[ImageRegistry]").doesNotContain("NodeName");
  }

  @Test
  void anImageThatChangesOnALivePodComesThroughTheMirrorToo() throws Exception {
    assertThat(cluster.pods().create(namespace, pod("image: 'nginx:1.29'")).accepted()).isTrue();

    setImage("nginx:1.30");

    assertThat(cluster.client().pods().inNamespace(namespace).withName("web").get().getSpec())
        .extracting(spec -> spec.getContainers().getFirst().getImage())
        .isEqualTo("mirror.example.com:5000/docker.io/library/nginx:1.30");
  }

  private void setImage(String image) throws IOException, InterruptedException {
    cluster
        .kubectl()
        .succeed("", "set", "image", "pod/web", "web=" + image, "--namespace=" + namespace);
  }

  private PodApi.Answer dryRun(ObjectNode pod) throws IOException, InterruptedException {
    return cluster.pods().dryRun(namespace, pod);
  }

  private static ObjectNode pod(String container) {
    return Pods.pod(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, labels: {team: shop-eu}}
        spec: {containers: [{name: web, %s}]}
        """
            .formatted(container));
  }
}
