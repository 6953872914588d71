package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.tls.Rotation;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the entries that the chart renders bring to a replica, and what they do not. */
@ExtendWith(ClusterExtension.class)
class WebhookEntriesInClusterTest {
  private static final Rotation.Times TIMES =
      new Rotation.Times(Duration.ofDays(365), Duration.ofDays(7), Duration.ofSeconds(60));
  private static final String VALUES =
      """
      configuration:
        profiles:
          standard:
            rules:
              Timezone: {zone: Asia/Shanghai, cronJobs: true}
              ImageRegistry: {fix: apply, mirrors: [{from: docker.io, to: mirror.example.com}]}
      """;
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, finalizers: [a.example/b]}
      spec: {containers: [{name: web, image: nginx}]}
      """;
  private static final String REMOVE_FINALIZERS = "--patch={\"metadata\": {\"finalizers\": null}}";
  private static final Pattern COUNT =
      Pattern.compile(
          "(?m)^gambeson_review_duration_seconds_count\\{(.*)} (.*)$", Pattern.UNIX_LINES);

  private static Installation installation;

  private final Cluster cluster;

  WebhookEntriesInClusterTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  static void install(Cluster cluster) throws Exception {
    installation = install(cluster, VALUES);
  }

  @AfterAll
  static void uninstall() {
    installation.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Deployment            | {"spec": {"minReadySeconds": 1}}
          StatefulSet           | {"spec": {"minReadySeconds": 1}}
          DaemonSet             | {"spec": {"minReadySeconds": 1}}
          ReplicaSet            | {"spec": {"minReadySeconds": 1}}
          ReplicationController | {"spec": {"minReadySeconds": 1}}
          Job                   | {"spec": {"parallelism": 2}}
          CronJob               | {"spec": {"suspend": true}}
          PodTemplate           | {"template": {"metadata": {"labels": {"a": "b"}}}}
          """)
  void aWorkloadComesWhereItIsNewOrChanged(Workload workload, String change)
      throws IOException, InterruptedException {
    var in = "--namespace=" + installation.registered();
    double before = reviews("validate", workload.name());

    apply(in, workload.yaml("containers: [{name: web, image: nginx}]"));
    assertThat(reviews("validate", workload.name())).isEqualTo(before + 1);

    cluster.kubectl().succeed("", "label", workload.name(), "web", "a=b", in);
    assertThat(reviews("validate", workload.name())).isEqualTo(before + 1);

    cluster
        .kubectl()
        .succeed("", "patch", workload.name(), "web", "--type=merge", "--patch=" + change, in);
    assertThat(reviews("validate", workload.name())).isEqualTo(before + 2);
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void whatAControllerCopiedDoesNotCome() throws IOException, InterruptedException {
    var namespace = installation.registered();
    double before = reviews("validate", "ReplicaSet");

    apply(
        "--namespace=" + namespace,
        Workload.Deployment.yaml("containers: [{name: web, image: nginx}]"));

    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> !cluster.client().pods().inNamespace(namespace).list().getItems().isEmpty());
    assertThat(reviews("validate", "ReplicaSet")).isEqualTo(before);
  }

  @Test
  void aPodComesWhereItIsNewOrItsImageChanges() throws IOException, InterruptedException {
    var namespace = installation.registered();
    var in = "--namespace=" + namespace;
    double fixed = reviews("mutate", "Pod");
    double checked = reviews("validate", "Pod");

    apply(in, POD);
    cluster.kubectl().succeed("", "label", "pod/web", "a=b", in);
    assertThat(reviews("mutate", "Pod")).isEqualTo(fixed + 1);
    assertThat(reviews("validate", "Pod")).isEqualTo(checked + 1);

    cluster.kubectl().succeed("", "set", "image", "pod/web", "web=nginx:2", in);
    assertThat(reviews("mutate", "Pod")).isEqualTo(fixed + 2);
    assertThat(reviews("validate", "Pod")).isEqualTo(checked + 2);
    assertThat(
            cluster
                .client()
                .pods()
                .inNamespace(namespace)
                .withName("web")
                .get()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage())
        .isEqualTo("mirror.example.com/library/nginx:2");

    cluster.kubectl().succeed("", "delete", "pod/web", "--wait=false", in);
    cluster.kubectl().succeed("", "patch", "pod/web", REMOVE_FINALIZERS, in);
    assertThat(reviews("validate", "Pod")).isEqualTo(checked + 2);
  }

  /** Who creates an object by server-side apply writes all of its metadata. */
  @ParameterizedTest
  @ValueSource(strings = {"Pod", "Deployment"})
  void aNewObjectThatSaysItIsBeingDeletedComes(String kind)
      throws IOException, InterruptedException {
    double before = reviews("validate", kind);
    var manifest =
        kind.equals("Pod") ? POD : Workload.Deployment.yaml("containers: [{name: web, image: a}]");

    cluster
        .kubectl()
        .succeed(
            manifest.replaceFirst(
                "metadata: \\{", "metadata: {deletionTimestamp: '2030-01-01T00:00:00Z', "),
            "apply",
            "--server-side",
            "--dry-run=server",
            "--filename=-",
            "--namespace=" + installation.registered());

    assertThat(reviews("validate", kind)).isEqualTo(before + 1);
  }

  @Test
  void aPodIsRefusedAlthoughItSaysThatItIsBeingDeleted() throws IOException, InterruptedException {
    var in = "--namespace=" + installation.registered(Map.of(Webhooks.PROFILE, "strict"));
    var pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, deletionTimestamp: "2030-01-01T00:00:00Z"}
        spec: {hostPID: true, containers: [{name: web, image: nginx, securityContext: {privileged: true}}]}
        """;

    var refused = cluster.kubectl().run(pod, "apply", "--server-side", "--filename=-", in);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors()).contains("[Privileged]", "[HostNamespaces]");
  }

  @Test
  void aDebugContainerOfAPodThatIsBeingDeletedComes() throws IOException, InterruptedException {
    var in = "--namespace=" + installation.registered();
    apply(in, POD);
    cluster.kubectl().succeed("", "delete", "pod/web", "--wait=false", in);
    double before = reviews("validate", "Pod");

    cluster
        .kubectl()
        .succeed("", "debug", "web", "--image=busybox", "--profile=restricted", "-c=debug", in);

    assertThat(reviews("validate", "Pod")).isEqualTo(before + 1);
    cluster.kubectl().succeed("", "patch", "pod/web", REMOVE_FINALIZERS, in);
  }

  @Test
  void aDebugContainerComes() throws IOException, InterruptedException {
    var in = "--namespace=" + installation.registered();
    apply(in, POD);
    double before = reviews("validate", "Pod");

    cluster
        .kubectl()
        .succeed("", "debug", "web", "--image=busybox", "--profile=restricted", "-c=debug", in);

    assertThat(reviews("validate", "Pod")).isEqualTo(before + 1);
  }

  @Test
  void aResizeComes() throws IOException, InterruptedException {
    var in = "--namespace=" + installation.registered();
    apply(in, POD);
    double before = reviews("validate", "Pod");

    cluster
        .kubectl()
        .succeed(
            "",
            "patch",
            "pod/web",
            "--subresource=resize",
            "--patch={\"spec\": {\"containers\": [{\"name\": \"web\", \"resources\": {\"requests\": {\"cpu\": \"200m\"}}}]}}",
            in);

    assertThat(reviews("validate", "Pod")).isEqualTo(before + 1);
  }

  @Test
  void aCronJobIsGivenItsTimeZone() throws IOException, InterruptedException {
    var namespace = installation.registered();

    apply(
        "--namespace=" + namespace,
        Workload.CronJob.yaml("containers: [{name: web, image: nginx}]"));

    assertThat(
            cluster
                .client()
                .batch()
                .v1()
                .cronjobs()
                .inNamespace(namespace)
                .withName("web")
                .get()
                .getSpec()
                .getTimeZone())
        .isEqualTo("Asia/Shanghai");
  }

  @Test
  void aPodIsLetGoWhileNoReplicaAnswers() throws Exception {
    try (var gone = install(cluster, "")) {
      var in = "--namespace=" + gone.registered(Map.of(Webhooks.PROFILE, "strict"));
      apply(in, POD);
      gone.replicas().forEach(Installation.Replica::close);

      assertThat(cluster.kubectl().run("", "set", "image", "pod/web", "web=nginx:2", in).exitCode())
          .isNotZero();
      cluster.kubectl().succeed("", "label", "pod/web", "a=b", in);
      cluster.kubectl().succeed("", "delete", "pod/web", "--wait=false", in);
      cluster.kubectl().succeed("", "patch", "pod/web", REMOVE_FINALIZERS, in);
    }
  }

  private static Installation install(Cluster cluster, String values) throws Exception {
    var installed = new Installation(cluster, values, 1, TIMES);
    var replica = installed.replicas().getFirst();
    var namespace = installed.registered();
    await()
        .atMost(Cluster.PATIENCE)
        .until(() ->
            replica.isReady() && cluster.pods().dryRun(namespace, Pods.plain("web")).accepted());
    return installed;
  }

  private void apply(String namespace, String manifest) throws IOException, InterruptedException {
    cluster.kubectl().succeed(manifest, "apply", "--filename=-", namespace);
  }

  /** How many reviews of a kind have come to a webhook. */
  private static double reviews(String webhook, String kind) {
    var metrics = installation.replicas().getFirst().metrics();
    return COUNT
        .matcher(metrics)
        .results()
        .filter(line ->
            Stream.of("webhook=\"" + webhook + "\"", "kind=\"" + kind + "\"")
                .allMatch(line.group(1)::contains))
        .map(line -> line.group(2))
        .mapToDouble(Double::parseDouble)
        .sum();
  }
}
