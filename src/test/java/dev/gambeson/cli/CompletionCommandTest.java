package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {
  private static final String COMPLETE =
      """
      compopt() { :; }
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      COMP_LINE="$*"
      COMP_POINT=${#COMP_LINE}
      _complete_gambeson
      echo "${COMPREPLY[*]}"
      """;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completesInBashAndInZshWhichLoadsScriptsForIt(String shell) throws Exception {
    var script = Invocation.of("completion", shell);

    assertThat(script.exitCode()).isZero();
    assertThat(completed(script.out(), "re")).isEqualTo("review");
    assertThat(completed(script.out(), "review", "--out")).isEqualTo("--output");
    assertThat(completed(script.out(), "review", "--output", "")).contains("text yaml diff json");
    assertThat(completed(script.out(), "rules", "Privi")).isEqualTo("Privileged");
    assertThat(completed(script.out(), "config", "sh")).isEqualTo("show");
    assertThat(completed(script.out(), "completion", "")).isEqualTo("bash zsh fish");
  }

  private static String completed(String script, String... words) throws Exception {
    var line = new ArrayList<>(List.of("bash", "-c", script + COMPLETE, "bash", "gambeson"));
    line.addAll(List.of(words));
    var result = Command.run(Map.of(), "", line);
    assertThat(result.errors()).isEmpty();
    return result.output().strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serve | -l https-port",
        "review | -s o -l output",
        "review | -F",
        "rules | RequiredLabels PriorityClass",
        "version | -f",
        "config; and __fish_seen_subcommand_from show | -l all"
      })
  void completesInFish(String command, String completion) {
    assertThat(Invocation.of("completion", "fish").out().lines())
        .anyMatch(line ->
            line.startsWith(
                    "complete -c gambeson -n '__fish_seen_subcommand_from " + command + "' ")
                && line.contains(completion));
  }

  @Test
  void completesTheCommandsInFishAndNoHiddenOnes() {
    assertThat(Invocation.of("completion", "fish").out())
        .contains(" -f -a review -d 'Judges the pods of manifests")
        .doesNotContain("-a train");
  }

  @Test
  void anotherShellIsBadUsage() {
    var other = Invocation.of("completion", "powershell");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("powershell");
  }
}
