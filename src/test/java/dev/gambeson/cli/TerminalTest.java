package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
  @ParameterizedTest
  @CsvSource({"72, 72", "0, 100", "'', 100", "wide, 100", "-5, 100", "99999999999, 100"})
  void theVariableHasTheLastWord(String columns, int expected) {
    assertThat(Terminal.columns(Map.of("COLUMNS", columns))).isEqualTo(expected);
  }
}
