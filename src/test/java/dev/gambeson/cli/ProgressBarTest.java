package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gambeson.Command;
import dev.gambeson.cluster.GeneratedApi;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressBarTest {
  private static final String CLEAR = "\r\033[K";
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          100 | [##########                    ] 500 of 1500 pods
          40  | [######              ] 500 of 1500 pods
          25  | [#    ] 500 of 1500 pods
          24  | 500 of 1500 pods
          10  | 500 of 15
          1   | ''
          """)
  void theLineLeavesTheLastColumnFree(int columns, String expected) {
    var written = new StringWriter();
    try (var bar = new ProgressBar(new PrintWriter(written), columns)) {
      bar.show("pods", 500, 1500);
    }

    assertThat(written).hasToString(CLEAR + expected + CLEAR);
    assertThat(expected.length()).isLessThan(columns);
  }

  /** The bytes that a terminal gets: both outputs are one there. */
  @ParameterizedTest
  @CsvSource({
    "adopt, 100, [#########################     ] 1000 of 1200 pods",
    "adopt, 40, [###############    ] 1000 of 1200 pods",
    "review --cluster -A, 20, 1000 of 1200 pods",
  })
  void aTerminalShowsHowFarItIsAndIsCleanAfterwards(String command, int columns, String line)
      throws Exception {
    try (var api = new GeneratedApi(3, 1200)) {
      var parts =
          onTerminal(columns, command, "--kubeconfig", kubeconfig(api))
              .split(Pattern.quote(CLEAR), -1);

      assertThat(List.of(parts).subList(1, parts.length - 1))
          .contains(line)
          .allSatisfy(each -> assertThat(each.length()).isLessThan(columns))
          .allSatisfy(each -> assertThat(each).doesNotContain("\n"));
      assertThat(parts[parts.length - 1]).contains("team-0").doesNotContain(" of 1200 pods");
    }
  }

  @Test
  void nothingIsShownElsewhere() throws Exception {
    try (var api = new GeneratedApi(3, 1200)) {
      assertThat(onTerminal(100, "adopt", "--kubeconfig", kubeconfig(api), "2>/dev/null"))
          .contains("team-0")
          .doesNotContain(" of 1200 pods", "\033");
    }
  }

  private String kubeconfig(GeneratedApi api) throws Exception {
    return Objects.requireNonNull(api.access(folder).kubeconfig()).toString();
  }

  private static String onTerminal(int columns, String... arguments) throws Exception {
    assumeTrue(Files.isExecutable(SCRIPT), "needs " + SCRIPT);
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var command =
        "stty cols %d; exec %s -cp %s %s %s"
            .formatted(
                columns,
                java,
                System.getProperty("java.class.path"),
                Gambeson.class.getName(),
                String.join(" ", arguments));
    var words = List.of(SCRIPT.toString(), "-qec", command, "/dev/null");
    return Command.run(Map.of("TERM", "xterm", "COLUMNS", ""), "", words).output();
  }
}
