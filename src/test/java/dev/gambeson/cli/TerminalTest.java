package dev.gambeson.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help;

class TerminalTest {
  @ParameterizedTest
  @CsvSource({"72, 72", "0, 100", "'', 100", "wide, 100", "-5, 100", "99999999999, 100"})
  void theVariableHasTheLastWord(String columns, int expected) {
    assertThat(Terminal.columns(Map.of("COLUMNS", columns))).isEqualTo(expected);
  }

  @Test
  void boldEndsOnEveryTerminal() {
    var written = new ByteArrayOutputStream();
    var text = Help.Ansi.ON.string("@|bold,red REFUSED|@ größer");

    Terminal.writer(written).println(text);

    assertThat(written.toString(UTF_8))
        .contains("REFUSED")
        .contains("\u001B[22m")
        .doesNotContain("\u001B[21m")
        .endsWith("größer\n");
  }
}
