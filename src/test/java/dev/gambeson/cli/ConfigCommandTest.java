package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("gambeson.yaml"), text);
  }

  @Test
  void validateSaysOkOfTheExample() {
    var result = Invocation.of("config", "validate", "examples/config.yaml");
    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out())
        .isEqualToNormalizingNewlines(
            "examples/config.yaml: ok (profiles: observe, standard, strict)\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void validateListsEveryProblemWithItsLine() throws IOException {
    var file = file("apiVersion: gambeson.dev/v1alpha1\nkind: Config\nenforcement: maybe\n");
    var result = Invocation.of("config", "validate", file.toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains(
            "2 problems",
            file + ":2:1: kind: must be GambesonConfig, not \"Config\"",
            file + ":3:1: enforcement: must be enforce or warn, not \"maybe\"");
  }

  @Test
  void validateOfAFileThatIsNotThereSaysSo() {
    var result = Invocation.of("config", "validate", "no.yaml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("no.yaml: there is no such file");
  }

  @Test
  void showPrintsWhatIsInForce() throws IOException, ConfigurationException {
    var builtIn = Invocation.of("config", "show", "--all");
    assertThat(builtIn.exitCode()).isEqualTo(0);
    assertThat(ConfigurationLoader.load(builtIn.out(), "out"))
        .isEqualTo(ConfigurationLoader.builtIn());

    var text =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles: {standard: {rules: {Timezone: {zone: Asia/Shanghai}}}}
        """;
    var own = Invocation.of("config", "show", "--all", "--config", file(text).toString());
    assertThat(ConfigurationLoader.load(own.out(), "out"))
        .isEqualTo(ConfigurationLoader.load(text, "text"));
  }

  @Test
  void showSaysThatNothingDiffers() throws IOException {
    var nothing =
        "# Nothing differs from the built-in profiles; all that is in force: gambeson config show --all\n";
    assertThat(Invocation.of("config", "show").out()).isEqualTo(nothing);
    var file =
        file(
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            enforcement: enforce
            profiles: {standard: {rules: {Timezone: {fix: apply}}}}
            """);
    assertThat(Invocation.of("config", "show", "--config", file.toString()).out())
        .as("what says the same as the built-in profiles")
        .isEqualTo(nothing);
  }

  @Test
  void showPrintsWhatDiffers() throws IOException, ConfigurationException {
    var text =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        enforcement: warn
        namespaces: [{match: [prod-*], profile: mine}]
        profiles:
          standard:
            skippable: []
            rules:
              Timezone: {zone: Asia/Shanghai}
              Resources: {requests: {cpu: null}}
          mine: {extends: strict, rules: {Privileged: {check: enforce}, RunAsUser: {minimumUid: 7}}}
        """;
    var shown = Invocation.of("config", "show", "--config", file(text).toString());
    assertThat(shown.out())
        .isEqualTo(
            """
            # What differs from the built-in profiles; all that is in force: gambeson config show --all
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            enforcement: warn
            namespaces:
            - match:
              - prod-*
              profile: mine
            profiles:
              mine:
                extends: strict
                rules:
                  RunAsUser:
                    minimumUid: 7
                  Privileged:
                    check: enforce
              standard:
                rules:
                  Timezone:
                    zone: Asia/Shanghai
                  Resources:
                    requests:
                      cpu: null
                skippable: []
            """);
    assertThat(ConfigurationLoader.load(shown.out(), "out"))
        .isEqualTo(ConfigurationLoader.load(text, "text"));
  }

  @Test
  void showPrintsOneProfileAndNamesThemWhereItIsUnknown() {
    var strict = Invocation.of("config", "show", "--profile", "strict");
    assertThat(strict.out()).contains("\n  strict:\n").doesNotContain("\n  standard:\n");
    var unknown = Invocation.of("config", "show", "--profile", "strickt");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("there are observe, standard, strict");
  }

  @Test
  void schemaPrintsTheSchema() {
    assertThat(Invocation.of("config", "schema").out())
        .contains("https://json-schema.org/draft/2020-12/schema");
  }
}
