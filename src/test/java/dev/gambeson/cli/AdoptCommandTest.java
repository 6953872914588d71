package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.cluster.GeneratedApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdoptCommandTest {
  @TempDir Path folder;
  private String manifest = "";

  @BeforeEach
  void writeManifest() throws IOException {
    manifest =
        Files.writeString(
                folder.resolve("pod.yaml"),
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: agent, namespace: logging, labels: {app: agent}}
                spec:
                  containers:
                  - name: agent
                    image: registry.example.com/agent:1.0
                    volumeMounts: [{name: log, mountPath: /host/log}]
                  volumes:
                  - {name: log, hostPath: {path: /var/log}}
                """)
            .toString();
  }

  @Test
  void theTextNamesTheCommandsThatCarryThePlanOut() {
    var adopted = Invocation.of("adopt", manifest);

    assertThat(adopted.exitCode()).isZero();
    assertThat(adopted.out())
        .contains("logging: strict")
        .contains("needs an exemption from HostPathVolumes")
        .contains("gambeson config validate gambeson-plan/config.yaml")
        .contains("kubectl label namespace logging --overwrite gambeson.dev/profile=strict");
  }

  @Test
  void theFilesOfThePlanAreWritten() throws IOException {
    var plan = folder.resolve("plan");
    var adopted = Invocation.of("adopt", "--to", plan.toString(), manifest);

    assertThat(adopted.exitCode()).isZero();
    assertThat(Files.readString(plan.resolve("config.yaml"))).contains("- HostPathVolumes");
    assertThat(Files.readString(plan.resolve("namespaces.yaml")))
        .contains("gambeson.dev/profile: strict");
    assertThat(Invocation.of("config", "validate", plan.resolve("config.yaml").toString()).err())
        .contains("reason")
        .contains("approvedBy");
  }

  @Test
  void yamlIsTheConfigurationAndTheNamespaces() {
    var adopted = Invocation.of("adopt", "--output", "yaml", manifest);

    assertThat(adopted.exitCode()).isZero();
    assertThat(adopted.out()).contains("kind: GambesonConfig").contains("kind: Namespace");
  }

  @Test
  void aProfileThatDoesNotExistIsNamed() {
    var adopted = Invocation.of("adopt", "--profiles", "strict,strickt", manifest);

    assertThat(adopted.exitCode()).isEqualTo(2);
    assertThat(adopted.err()).contains("there is no profile \"strickt\"");
  }

  @Test
  void whatCannotBeReadIsNamedBesideThePlan() throws IOException {
    var broken = Files.writeString(folder.resolve("broken.yaml"), "kind: [\n").toString();
    var adopted = Invocation.of("adopt", manifest, broken);

    assertThat(adopted.exitCode()).isEqualTo(2);
    assertThat(adopted.out()).contains("logging: strict");
    assertThat(adopted.err()).contains("broken.yaml");
  }

  @Test
  void thePageShowsThePlan() {
    var adopted = Invocation.of("adopt", "--output", "html", manifest);

    assertThat(adopted.exitCode()).isZero();
    assertThat(adopted.out())
        .contains("<th scope=\"row\">logging</th>")
        .contains("kubectl label namespace logging");
  }

  @Test
  void aReleaseThatMayNotBeReadIsNoneToGoOnWithout() throws Exception {
    try (var api =
        new GeneratedApi(3, 30).forbid("configmaps", "validatingwebhookconfigurations")) {
      var adopted = cluster(api);

      assertThat(adopted.exitCode()).isEqualTo(2);
      assertThat(adopted.out()).isEmpty();
      assertThat(adopted.err())
          .contains("the configuration of the release cannot be read: ")
          .contains("configmaps is forbidden")
          .contains("--config-map", "--config names a copy");
      assertThat(cluster(api, "--config", empty()).out()).contains("team-0: strict");
    }
  }

  @Test
  void withoutAReleaseThePlanBeginsWithTheBuiltInProfilesAndSaysSo() throws Exception {
    try (var api = new GeneratedApi(3, 30)) {
      var adopted = cluster(api);

      assertThat(adopted.exitCode()).as(adopted.err()).isZero();
      assertThat(adopted.out())
          .startsWith("configuration: the built-in profiles, because there is no release")
          .contains("team-0: strict");
      var yaml = cluster(api, "-o", "yaml");
      assertThat(yaml.out()).startsWith("apiVersion: ");
      assertThat(yaml.err())
          .startsWith("configuration: the built-in profiles, because there is no release");
    }
  }

  @Test
  void aPlanKnowsTheLabelsThatThereAreOrIsNotMade() throws Exception {
    try (var api = new GeneratedApi(3, 30).forbid("namespaces")) {
      var adopted = cluster(api);

      assertThat(adopted.exitCode()).isEqualTo(2);
      assertThat(adopted.out()).isEmpty();
      assertThat(adopted.err()).contains("namespaces are not read: namespaces is forbidden");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "yaml", "html"})
  void whatIsMissingOfTheClusterIsSaid(String output) throws Exception {
    try (var api = new GeneratedApi(3, 30).forbid("daemonsets", "limitranges")) {
      var adopted = cluster(api, "-o", output);

      assertThat(adopted.exitCode()).isEqualTo(2);
      assertThat(adopted.err()).contains("daemonsets are not read: daemonsets is forbidden");
      assertThat(output.equals("text") ? adopted.out() : adopted.err())
          .contains("limitranges are not read: limitranges is forbidden");
      if (!output.equals("yaml")) {
        assertThat(adopted.out())
            .contains("incomplete")
            .contains("daemonsets are not read: daemonsets is forbidden")
            .contains("limitranges are not read: limitranges is forbidden");
      }
    }
  }

  @Test
  void theDefaultProfileOfTheConfigurationStandsBetweenStrictAndObserve() throws Exception {
    var config =
        Files.writeString(
                folder.resolve("own.yaml"),
                """
                apiVersion: gambeson.dev/v1alpha1
                kind: GambesonConfig
                defaultProfile: company
                profiles: {company: {extends: standard}}
                """)
            .toString();
    var several = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      several.append(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: p%d, namespace: shop, labels: {app: p%d}}
          spec: {containers: [{name: c, image: "app:1", securityContext: {runAsUser: 0}}]}
          ---
          """
              .formatted(i, i));
    }
    var root = Files.writeString(folder.resolve("root.yaml"), several).toString();

    assertThat(Invocation.of("adopt", "--config", config, root).out())
        .contains("shop: company (now: ");
    assertThat(Invocation.of("adopt", root).out()).contains("shop: standard (now: ");
  }

  private String empty() throws IOException {
    return Files.writeString(
            folder.resolve("config.yaml"),
            "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n")
        .toString();
  }

  private Invocation cluster(GeneratedApi api, String... arguments) throws IOException {
    var kubeconfig = Objects.requireNonNull(api.access(folder).kubeconfig()).toString();
    var all = new ArrayList<>(List.of("adopt", "--kubeconfig", kubeconfig));
    all.addAll(List.of(arguments));
    return Invocation.of(all.toArray(String[]::new));
  }
}
