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
    var builtIn = Invocation.of("config", "show");
    assertThat(builtIn.exitCode()).isEqualTo(0);
    assertThat(ConfigurationLoader.load(builtIn.out(), "out"))
        .isEqualTo(ConfigurationLoader.builtIn());

    var text =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles: {standard: {rules: {Timezone: {zone: Asia/Shanghai}}}}
        """;
    var own = Invocation.of("config", "show", "--config", file(text).toString());
    assertThat(ConfigurationLoader.load(own.out(), "out"))
        .isEqualTo(ConfigurationLoader.load(text, "text"));
  }

  @Test
  void showPrintsOneProfileAndNamesThemWhereItIsUnknown() {
    var strict = Invocation.of("config", "show", "--profile", "strict");
    assertThat(strict.out()).contains("\n  strict:\n").doesNotContain("\n  standard:\n");
    var unknown = Invocation.of("config", "show", "--profile", "strickt");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("the profiles are observe, standard, strict");
  }

  @Test
  void schemaPrintsTheSchema() {
    assertThat(Invocation.of("config", "schema").out())
        .contains("https://json-schema.org/draft/2020-12/schema");
  }
}
