package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.apiserver.Cluster.Registered;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person at a terminal sees, whichever way the webhooks are registered. */
@ExtendWith(ClusterExtension.class)
class KubectlTest {
  private final Cluster cluster;

  KubectlTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @ParameterizedTest
  @EnumSource(names = {"BY_URL", "BY_SERVICE"})
  void aDryRunPrintsTheHardenedPodAndLeavesNothingBehind(Registered registered)
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", registered);

    var printed =
        cluster
            .kubectl()
            .succeed(
                "",
                "run",
                "web",
                "--image=nginx",
                "--namespace=" + namespace,
                "--dry-run=server",
                "--output=yaml");

    assertHardened(printed);
    assertThat(cluster.client().pods().inNamespace(namespace).list().getItems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"BY_URL", "BY_SERVICE"})
  void aCreateStoresTheHardenedPod(Registered registered) throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", registered);

    cluster.kubectl().succeed("", "run", "web", "--image=nginx", "--namespace=" + namespace);

    assertHardened(
        cluster
            .kubectl()
            .succeed("", "get", "pod", "web", "--namespace=" + namespace, "--output=yaml"));
  }

  @ParameterizedTest
  @EnumSource(names = {"BY_URL", "BY_SERVICE"})
  void aPrivilegedPodIsRefusedWithTheRuleTheFieldAndTheFix(Registered registered)
      throws IOException, InterruptedException {
    var namespace = cluster.namespace("standard", registered);

    var refused =
        cluster
            .kubectl()
            .run("", "run", "shell", "--image=busybox", "--privileged", "--namespace=" + namespace);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors())
        .contains(
            "denied the request: [Privileged] container \"shell\":"
                + " spec.containers[0].securityContext.privileged: found true, wanted ",
            """
            spec:
              containers:
              - name: shell
                securityContext:
                  privileged: false
            """
                .stripTrailing());
    assertThat(cluster.client().pods().inNamespace(namespace).list().getItems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "strict"})
  void aDeniedDebugContainerIsToldTheProfileWithWhichItPasses(String profile)
      throws IOException, InterruptedException {
    var namespace = "--namespace=" + cluster.namespace(profile, Registered.BY_URL);
    cluster.kubectl().succeed("", "run", "web", "--image=nginx", namespace);

    var refused = cluster.kubectl().run("", "debug", "web", "--image=busybox", namespace);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors())
        .contains("spec.ephemeralContainers[0].securityContext.capabilities.add: found SYS_PTRACE")
        .endsWith("kubectl debug --profile=restricted sets what Pod Security requires.\n");
    cluster
        .kubectl()
        .succeed("", "debug", "web", "--image=busybox", "--profile=restricted", namespace);
  }

  private static void assertHardened(String yaml) {
    var pod = Pods.pod(yaml);
    assertThat(pod.at("/metadata/annotations/gambeson.dev~1applied").asText())
        .contains("SeccompProfile", "Timezone");
    assertThat(pod.at("/spec/containers/0/securityContext"))
        .isEqualTo(
            Pods.json(
                """
                allowPrivilegeEscalation: false
                capabilities: {drop: [ALL]}
                readOnlyRootFilesystem: true
                runAsNonRoot: true
                """));
    assertThat(pod.at("/spec/securityContext"))
        .isEqualTo(Pods.json("seccompProfile: {type: RuntimeDefault}"));
    assertThat(pod.at("/spec/containers/0/env/0")).isEqualTo(Pods.json("{name: TZ, value: UTC}"));
  }
}
