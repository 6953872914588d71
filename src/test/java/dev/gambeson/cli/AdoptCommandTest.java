package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
