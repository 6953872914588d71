package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestCommandTest {
  private static final String PRIVILEGED =
      """
      pod:
        metadata: {name: web}
        spec:
          containers:
          - {name: web, image: "nginx:1.29", securityContext: {privileged: true}}
      """;

  @TempDir Path folder;

  @Test
  void theExamplesPass() {
    var test = Invocation.of("test", "--config", "examples/config.yaml", "examples/cases");

    assertThat(test.err()).isEmpty();
    assertThat(test.out()).matches("[1-9]\\d* passed, 0 failed\n");
    assertThat(test.exitCode()).isZero();
  }

  /** They are for their own configuration, and tell it from others. */
  @Test
  void theExamplesFailWithoutTheirConfiguration() {
    assertThat(Invocation.of("test", "examples/cases").exitCode()).isEqualTo(1);
  }

  @Test
  void aFailingCasePrintsTheDifference() throws IOException {
    var cases =
        file(
            "a.yaml",
            "# first\n"
                + "name: passes\n"
                + PRIVILEGED
                + "violations:\n  enforce:\n  - Privileged spec.containers[0].securityContext.privileged\n"
                + "---\n"
                + "name: fails\n"
                + PRIVILEGED
                + """
                fixes: [Timezone, SeccompProfile, HostUsers]
                violations:
                  enforce: [HostPorts]
                  warn: [ImageTag spec.x, ControlledPods]
                """);

    var test = Invocation.of("test", cases.toString());

    assertThat(test.exitCode()).isEqualTo(1);
    assertThat(test.err()).isEmpty();
    assertThat(test.out())
        .startsWith(
            """
            FAILED %s:12: fails
              fixes:
                - HostUsers
                + Resources spec.containers[0].resources.requests.cpu
                + Resources spec.containers[0].resources.requests.memory
              violations.enforce:
                - HostPorts
                + Privileged spec.containers[0].securityContext.privileged: found true, wanted false
              violations.warn:
                - ImageTag spec.x
            """
                .formatted(cases))
        .doesNotContain("ControlledPods", "passes")
        .endsWith("1 passed, 1 failed\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "profile: strict | Capabilities",
        "namespace: prod-1 | Capabilities",
        "profile: standard | Privileged",
        "{asOf: 2030-01-02, namespace: shop} | ImageTag",
      })
  void theProfileTheNamespaceAndTheDayDecide(String terms, String violation) throws IOException {
    var config =
        file(
            "config.yaml",
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            namespaces: [{match: ["prod-*"], profile: strict}]
            profiles:
              standard:
                rules:
                  ImageTag: {check: warn, enforceFrom: 2030-01-01}
            """);
    var pod = PRIVILEGED.replace("nginx:1.29", "nginx");
    var flat = terms.replaceAll("[{}]", "").replace(", ", "\n");
    var cases = file("cases/a.yaml", pod + flat + "\nviolations: {enforce: []}\n");

    var test = Invocation.of("test", "--config", config.toString(), cases.toString());

    assertThat(test.out()).contains("    + " + violation + " ");
  }

  @Test
  void anExemptionOfAUserIsTested() throws IOException {
    var config =
        file(
            "config.yaml",
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            exemptions:
            - {rules: [Privileged], groups: [ops], values: {images: ["docker.io/library/*"]}, reason: r, approvedBy: a}
            """);
    var nobody = PRIVILEGED + "violations: {enforce: [Privileged]}\n";
    var ops = PRIVILEGED + "user: alice\ngroups: [ops]\nviolations: {enforce: []}\n";
    var cases = file("cases/a.yaml", nobody + "---\n" + ops);

    assertThat(Invocation.of("test", "--config", config.toString(), cases.toString()).out())
        .isEqualTo("2 passed, 0 failed\n");
  }

  @Test
  void aFileOfManifestsIsJudgedWhole() throws IOException {
    file("manifests/web.yaml", "apiVersion: v1\nkind: Pod\n" + PRIVILEGED.indent(-2).substring(5));
    file("manifests/none.yaml", "apiVersion: v1\nkind: Service\n");
    file("cases/a.yaml", "file: ../manifests/web.yaml\nviolations: {enforce: [Privileged]}\n");

    assertThat(Invocation.of("test", folder.resolve("cases").toString()).out())
        .isEqualTo("1 passed, 0 failed\n");
    var none = file("cases/b.yaml", "file: ../manifests/none.yaml\nfixes: []\n");
    assertThat(Invocation.of("test", none.toString()).err())
        .isEqualTo(none + ":1: there is no pod in what the case judges\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "violations: {}\n", "violations:\n", "violations: {warn: null}\n"})
  void aCaseThatExpectsNothingDoesNotPass(String violations) throws IOException {
    var cases = file("a.yaml", PRIVILEGED + violations);

    var test = Invocation.of("test", cases.toString());

    assertThat(test.exitCode()).isEqualTo(1);
    assertThat(test.out())
        .contains("expects neither fixes nor violations: --update writes what was found");
    assertThat(Invocation.of("test", "--update", cases.toString()).exitCode()).isZero();
    assertThat(Files.readString(cases)).contains("enforce:", "Privileged");
    assertThat(Invocation.of("test", cases.toString()).exitCode()).isZero();
  }

  @Test
  void anUpdateWritesWhatIsFoundAndKeepsTheRest() throws IOException {
    var cases =
        file(
            "a.yaml",
            "# about\n"
                + PRIVILEGED
                + "---\n"
                + PRIVILEGED
                + "violations:   # what is left\n  enforce: [HostPorts]   # to change\n");

    assertThat(Invocation.of("test", cases.toString()).exitCode()).isEqualTo(1);
    var updated = Invocation.of("test", "--update", cases.toString());

    assertThat(updated.exitCode()).isZero();
    assertThat(updated.out()).isEqualTo("updated " + cases + "\n2 passed, 0 failed\n");
    assertThat(Files.readString(cases))
        .startsWith("# about\n" + PRIVILEGED + "fixes:\n- Timezone\n")
        .contains("violations:\n  enforce:\n  - Privileged\n  warn:\n  - ControlledPods\n")
        .endsWith(
            "---\n"
                + PRIVILEGED
                + "violations:   # what is left\n  enforce: [Privileged]   # to change\n");
    assertThat(Invocation.of("test", "--update", cases.toString()).out())
        .isEqualTo("2 passed, 0 failed\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nam: x | 1:1: nam: there is no such key, did you mean \"name\"?",
        "fixes: [Timezon] | 1:9: fixes[0]: there is no rule \"Timezon\", did you mean \"Timezone\"?",
        "fixes: [Privileged] | 1:9: fixes[0]: Privileged has no fix",
        "violations: {enforced: []} | 1:14: violations.enforced: there is no such key, did you mean \"enforce\"?",
        "violations: {warn: [HostPort]} | there is no rule \"HostPort\", did you mean \"HostPorts\"?",
        "pod: web.yaml | 1:1: pod: must be an object, not \"web.yaml\"",
        "fixes: [] | pod: is missing: write it here, or the name of its file as file",
        "{pod: {}, file: x} | file: stands beside pod: write one of them",
        "{pod: {kind: pod}, fixes: []} | did you mean \"Pod\" of v1?",
        "{pod: {spec: {}}, fixes: []} | spec.containers is missing or empty",
        "{file: missing.yaml, fixes: []} | missing.yaml: no such file",
        "{file: missing.yaml, profile: strictt, fixes: []} | there is no profile \"strictt\"; there are ",
        "fixes: [ | a.yaml:1:",
      })
  void aCaseThatCannotBeReadIsAnError(String text, String problem) throws IOException {
    var test = Invocation.of("test", file("a.yaml", text).toString());

    assertThat(test.exitCode()).isEqualTo(2);
    assertThat(test.err()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "apiVersion: v1\nkind: Pod\n"})
  void noCaseIsNoSuccess(String text) throws IOException {
    file("a.yaml", text);
    var empty = Files.createDirectory(folder.resolve("empty"));

    assertThat(Invocation.of("test", folder.toString()).exitCode()).isEqualTo(2);
    assertThat(Invocation.of("test", folder.toString()).err())
        .isEqualTo(folder + ": there is no case in it\n");
    assertThat(Invocation.of("test", empty.toString()).exitCode()).isEqualTo(2);
    assertThat(Invocation.of("test").exitCode()).isEqualTo(2);
  }

  private Path file(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
