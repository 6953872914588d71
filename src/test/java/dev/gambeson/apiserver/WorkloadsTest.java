package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.Command;
import dev.gambeson.apiserver.Cluster.Registered;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pods that nobody writes: the controllers of Kubernetes create them from templates. */
@ExtendWith(ClusterExtension.class)
class WorkloadsTest {
  private static final String PLAIN = "containers: [{name: web, image: nginx}]";
  private static final String PRIVILEGED =
      "containers: [{name: web, image: nginx, securityContext: {privileged: true}}]";

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

  @ParameterizedTest
  @EnumSource(
      names = {
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job"
      })
  @Needs(Needs.CONTROLLER_MANAGER)
  void theStoredPodsAreHardened(Workload workload) throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(
        namespace,
        workload.yaml(
            "tolerations: [{operator: Exists}], containers: [{name: web, image: nginx}]"));

    assertThat(stored(1, namespace)).allSatisfy(WorkloadsTest::isHardened);
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void theStoredPodsOfADeploymentStayAwayFromEachOther() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(namespace, Workload.Deployment.yaml(PLAIN));

    assertThat(stored(1, namespace))
        .allSatisfy(
            pod -> assertThat(pod.getSpec().getAffinity().getPodAntiAffinity()).isNotNull());
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void theStoredPodOfACronJobIsHardened() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    apply(namespace, Workload.CronJob.yaml(PLAIN));
    cluster
        .kubectl()
        .succeed("", "create", "job", "now", "--from=cronjob/web", "--namespace=" + namespace);

    assertThat(stored(1, namespace)).allSatisfy(WorkloadsTest::isHardened);
  }

  @ParameterizedTest
  @EnumSource
  void anApplyWarnsOfWhatThePodsWillBeRefusedFor(Workload workload)
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("standard", Registered.BY_URL);

    var applied = kubectlApply(namespace, workload.yaml(PRIVILEGED));

    assertThat(applied.exitCode()).as(applied.errors()).isZero();
    assertThat(applied.errors().lines())
        .contains(
            "Warning: pods will be refused: [Privileged] container \"web\": "
                + workload.template
                + ".spec.containers[0].securityContext.privileged: found true, wanted false");
  }

  @ParameterizedTest
  @EnumSource
  void anApplyIsDeniedUnderStrict(Workload workload) throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    var applied = kubectlApply(namespace, workload.yaml(PRIVILEGED));

    assertThat(applied.exitCode()).isNotZero();
    assertThat(applied.errors())
        .contains(
            "strict.workloads.gambeson.dev",
            "[Privileged] container \"web\": "
                + workload.template
                + ".spec.containers[0].securityContext.privileged: found true, wanted false");
  }

  @ParameterizedTest
  @EnumSource
  void anApplyIsSilentAboutWhatTheFixesWillMend(Workload workload)
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);

    var applied = kubectlApply(namespace, workload.yaml(PLAIN));

    assertThat(applied.exitCode()).as(applied.errors()).isZero();
    assertThat(applied.errors()).doesNotContain("refused", "Capabilities", "Resources");
  }

  @Test
  void anApplyWarnsOfAContainerThatIsToldToRunAsRoot() throws IOException, InterruptedException {
    var namespace = cluster.namespace("standard", Registered.BY_URL);
    var root =
        "containers: [{name: web, image: nginx, securityContext: {runAsUser: 0, runAsNonRoot: false}}]";

    var applied = kubectlApply(namespace, Workload.Deployment.yaml(root));

    assertThat(applied.exitCode()).as(applied.errors()).isZero();
    assertThat(applied.errors())
        .contains("[RunAsNonRoot] container \"web\": ", "runAsNonRoot: found false, wanted true");
  }

  @Test
  void onlyATemplateThatIsNewOrChangedIsJudged() throws IOException, InterruptedException {
    var namespace = cluster.namespace("standard", Registered.BY_URL);
    var in = "--namespace=" + namespace;
    apply(namespace, Workload.Deployment.yaml(PRIVILEGED));

    for (var unchanged :
        List.of(
            cluster.kubectl().run("", "scale", "deployment/web", "--replicas=2", in),
            cluster.kubectl().run("", "annotate", "deployment/web", "a=b", in),
            cluster
                .kubectl()
                .run("", "patch", "deployment/web", "--patch={\"spec\":{\"paused\":true}}", in))) {
      assertThat(unchanged.exitCode()).as(unchanged.errors()).isZero();
      assertThat(unchanged.errors()).isEmpty();
    }
    assertThat(
            cluster.kubectl().run("", "set", "image", "deployment/web", "web=nginx:2", in).errors())
        .contains("Warning: pods will be refused: [Privileged]");
  }

  @Test
  void whatAControllerOwnsIsNotJudged() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.BY_URL);
    var owned =
        Workload.ReplicaSet.yaml(PRIVILEGED)
            .replace(
                "{name: web}",
                "{name: web, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web,"
                    + " uid: 705ab4f5-6393-11e8-b7cc-42010a800002, controller: true}]}");

    var applied = kubectlApply(namespace, owned);

    assertThat(applied.exitCode()).as(applied.errors()).isZero();
    assertThat(applied.errors()).isEmpty();
  }

  @Test
  void aCronJobIsGivenTheZoneOfItsPodsAndKeepsItsOwn() throws IOException, InterruptedException {
    var namespace = cluster.namespace(TestProfiles.BOUNDED, Registered.BY_URL);
    var in = "--namespace=" + namespace;
    var manifest = Workload.CronJob.yaml(PLAIN);

    apply(namespace, manifest);
    assertThat(timeZone(in)).isEqualTo("Asia/Shanghai");

    cluster.kubectl().succeed(manifest, "replace", "--filename=-", in);
    assertThat(timeZone(in)).as("after a PUT without it").isEqualTo("Asia/Shanghai");

    apply(namespace, manifest.replace("schedule:", "timeZone: Europe/Paris, schedule:"));
    assertThat(timeZone(in)).isEqualTo("Europe/Paris");
  }

  private String timeZone(String in) throws IOException, InterruptedException {
    return cluster
        .kubectl()
        .succeed("", "get", "cronjob/web", "--output=jsonpath={.spec.timeZone}", in);
  }

  @Test
  void aFinalizerOfAWorkloadIsRemovedWhateverItsPodsBreak()
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.NOT);
    apply(
        namespace,
        Workload.Deployment.yaml(PRIVILEGED)
            .replace("{name: web}", "{name: web, finalizers: [a.example/b]}"));
    cluster.register(namespace, Registered.BY_URL);

    cluster
        .kubectl()
        .succeed(
            "",
            "patch",
            "deployment/web",
            "--type=merge",
            "--patch={\"metadata\":{\"finalizers\":null}}",
            "--namespace=" + namespace);
  }

  @Test
  @Needs(Needs.CONTROLLER_MANAGER)
  void aDeploymentWhosePodsAreRefusedShowsWhyInTheEventsOfItsReplicaSet()
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("standard", Registered.BY_URL);

    apply(namespace, Workload.Deployment.yaml(PRIVILEGED));

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
            About the rule: gambeson rules Privileged
            With the YAML below, a container may not start, or not work, if it needs to be privileged.
            Fix the Deployment (or other owner) of ReplicaSet "%s", under spec.template. Set:
            spec:
              template:
                spec:
                  containers:
                  - name: web
                    securityContext:
                      privileged: false\
            """
                .formatted(event.getInvolvedObject().getName()));
    assertThat(
            cluster
                .kubectl()
                .succeed("", "describe", "replicaset", "--namespace=" + namespace)
                .lines())
        .as("what kubectl describe shows in one line")
        .anySatisfy(line ->
            assertThat(line)
                .endsWith(
                    "[Privileged] container \"web\": spec.containers[0].securityContext.privileged:"
                        + " found true, wanted false"));
    assertThat(cluster.client().pods().inNamespace(namespace).list().getItems()).isEmpty();
  }

  private void apply(String namespace, String yaml) throws IOException, InterruptedException {
    var applied = kubectlApply(namespace, yaml);
    assertThat(applied.exitCode()).as(applied.errors()).isZero();
  }

  private Command.Result kubectlApply(String namespace, String yaml)
      throws IOException, InterruptedException {
    return cluster.kubectl().run(yaml, "apply", "--filename=-", "--namespace=" + namespace);
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
