package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.cluster.ClusterAccess;
import dev.gambeson.cluster.PodReader;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.explain.Certainty;
import dev.gambeson.explain.Diagnosis;
import dev.gambeson.explain.Explainer;
import dev.gambeson.explain.Explanation;
import dev.gambeson.explain.FilledField;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods are explained as the API server returns them: with its defaults, and in its spelling. */
@ExtendWith(ClusterExtension.class)
class ExplainedPodsTest {
  private static final String SPEC =
      """
      containers:
      - name: web
        image: web
        ports: [{containerPort: 8080}]
        volumeMounts: [{name: cache, mountPath: /cache}]
        resources: {requests: {cpu: "0.5"}}
      volumes: [{name: cache, emptyDir: {}}]
      """;

  private final Cluster cluster;
  private String namespace = "";

  @TempDir Path folder;

  ExplainedPodsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void createNamespace() {
    namespace = cluster.namespace("strict", Registered.BY_URL);
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void aPodIsComparedWithTheTemplateOfItsOwner() throws Exception {
    var pod = ownedPod();
    fail(
        pod,
        "Pending",
        """
        containerStatuses:
        - name: web
          image: web
          imageID: ""
          ready: false
          restartCount: 0
          state:
            waiting: {reason: CreateContainerConfigError, message: container has runAsNonRoot and image will run as root}
        """);

    var explanation = explain(pod);

    assertThat(explanation.origin()).startsWith("the template of ReplicaSet \"web-");
    assertThat(explanation.place()).isEqualTo("Fix Deployment \"web\", under spec.template.");
    assertThat(explanation.notes()).isEmpty();
    assertThat(explanation.diagnoses())
        .singleElement()
        .satisfies(diagnosis -> {
          assertThat(diagnosis.rule()).isEqualTo("RunAsNonRoot");
          assertThat(diagnosis.certainty()).isEqualTo(Certainty.CERTAIN);
        });
    var applied = pod.getMetadata().getAnnotations().get("gambeson.dev/applied");
    assertThat(explanation.filled())
        .extracting(FilledField::rule)
        .containsAll(List.of(applied.split(",")));
    assertThat(explanation.filled())
        .allSatisfy(field -> assertThat(field.certainty()).isEqualTo(Certainty.CERTAIN))
        .extracting(field -> field.path().toString())
        .as("what the author wrote")
        .doesNotContain("spec.containers[0].resources.requests.cpu");
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void eventsTellOfAPodThatWasEvicted() throws Exception {
    var pod = ownedPod();
    cluster.create(
        """
        apiVersion: v1
        kind: Event
        metadata: {name: web.1, namespace: %1$s}
        involvedObject: {kind: Pod, name: %2$s, namespace: %1$s, uid: %3$s}
        reason: Evicted
        message: 'Usage of EmptyDir volume "cache" exceeds the limit "1Gi". '
        type: Warning
        """
            .formatted(namespace, pod.getMetadata().getName(), pod.getMetadata().getUid()));

    assertThat(explain(pod).diagnoses())
        .extracting(Diagnosis::rule)
        .containsExactly("EmptyDirSizeLimit");
  }

  @Test
  void aBarePodIsComparedWithWhatKubectlApplied() throws Exception {
    cluster
        .kubectl()
        .succeed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: bare}
            spec: {containers: [{name: web, image: web}]}
            """,
            "apply",
            "-n",
            namespace,
            "-f",
            "-");

    var explanation = explain(cluster.apiServer().kubeconfig(), "bare");

    assertThat(explanation.origin()).contains("kubectl apply");
    assertThat(explanation.filled())
        .extracting(FilledField::certainty)
        .isNotEmpty()
        .containsOnly(Certainty.CERTAIN);
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void whatTheUserMayNotReadIsMissingAndNamed() throws Exception {
    var pod = ownedPod();
    var kubectl = cluster.kubectl();
    var token = kubectl.succeed("", "create", "token", "default", "-n", namespace).strip();
    var kubeconfig = kubeconfig(token);

    assertThatThrownBy(() -> explain(kubeconfig, pod.getMetadata().getName()))
        .isInstanceOf(UnreadableClusterException.class)
        .hasMessageContaining("cannot get resource \"pods\"")
        .hasMessageContaining("in the namespace \"" + namespace + "\"");
    kubectl.succeed("", "create", "role", "r", "--verb=get", "--resource=pods", "-n", namespace);
    kubectl.succeed(
        "",
        "create",
        "rolebinding",
        "r",
        "--role=r",
        "--serviceaccount=" + namespace + ":default",
        "-n",
        namespace);

    await("the role to be in force")
        .atMost(Cluster.PATIENCE)
        .ignoreExceptionsInstanceOf(UnreadableClusterException.class)
        .untilAsserted(() ->
            assertThat(explain(kubeconfig, pod.getMetadata().getName()).notes().toString())
                .contains(
                    "ReplicaSet \"web-",
                    "cannot get resource \"replicasets\"",
                    "cannot list resource \"events\""));
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void aPodThatDoesNotExistIsToldFromThoseWithSuchAName() throws Exception {
    var name = ownedPod().getMetadata().getName();
    var kubeconfig = cluster.apiServer().kubeconfig();

    assertThatThrownBy(() -> explain(kubeconfig, "web"))
        .hasMessageContaining("there is no pod \"web\"")
        .hasMessageContaining("but there is " + name);
    assertThatThrownBy(() -> explain(kubeconfig, name + "x"))
        .hasMessageContaining("did you mean \"" + name + "\"?");
    assertThatThrownBy(() -> explain(kubeconfig, "../secrets/a"))
        .hasMessageContaining("is not a valid name");
  }

  private Explanation explain(Pod pod) throws Exception {
    return explain(cluster.apiServer().kubeconfig(), pod.getMetadata().getName());
  }

  private Explanation explain(Path kubeconfig, String name) throws Exception {
    var observed = PodReader.read(new ClusterAccess(kubeconfig, null), namespace, name, false);
    var configuration = cluster.configuration();
    return new Explainer(configuration, configuration.named("strict"))
        .explain(observed, Instant.now());
  }

  private Pod ownedPod() throws Exception {
    cluster.create(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: %s}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
        %s
        """
            .formatted(namespace, SPEC.indent(6)));
    var pods = cluster.client().pods().inNamespace(namespace).withLabel("app", "web");
    await("the pod of the Deployment")
        .atMost(Cluster.PATIENCE)
        .until(() -> !pods.list().getItems().isEmpty());
    return pods.list().getItems().getFirst();
  }

  private void fail(Pod pod, String phase, String status) {
    var failed =
        cluster
            .client()
            .getKubernetesSerialization()
            .unmarshal("phase: " + phase + "\n" + status, PodStatus.class);
    pod.setStatus(failed);
    cluster.client().pods().inNamespace(namespace).resource(pod).updateStatus();
  }

  private Path kubeconfig(String token) throws Exception {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        """
            .formatted(cluster.client().getConfiguration().getMasterUrl(), token));
  }
}
