package dev.gambeson.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The terminal that a command writes to. */
final class Terminal {
  /** Where there is none, or it does not say. */
  static final int COLUMNS = 100;

  /** Of a terminal that does not say. */
  private static final int USUAL_COLUMNS = 80;

  private static final Path STANDARD_ERROR = Path.of("/dev/fd/2");
  private static final File TTY = new File("/dev/tty");

  /** How picocli ends bold; many terminals take it for the beginning of a double underline. */
  private static final String BOLD_END = "\u001B[21m";

  private static final String NORMAL_WEIGHT = "\u001B[22m";

  private Terminal() {}

  /** Writes UTF-8, whatever the locale is; bold ends where it should on every terminal. */
  static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(stream, true, UTF_8) {
      @Override
      public void write(String text, int from, int length) {
        var part = text.substring(from, from + length).replace(BOLD_END, NORMAL_WEIGHT);
        super.write(part, 0, part.length());
      }
    };
  }

  /** How many columns it has. The variable {@code COLUMNS} has the last word. */
  static int columns(Map<String, String> environment) {
    int asked = number(environment.getOrDefault("COLUMNS", ""));
    if (asked == 0
        && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()) {
      asked = ask();
    }
    return asked > 0 ? asked : COLUMNS;
  }

  /**
   * How many columns the terminal has that the standard error output goes to; 0 where it goes
   * elsewhere, or no line can be taken back there.
   */
  static int errorColumns(Map<String, String> environment) {
    if (!isErrorShown() || environment.getOrDefault("TERM", "").equals("dumb")) {
      return 0;
    }
    int said = number(environment.getOrDefault("COLUMNS", ""));
    int columns = said > 0 ? said : ask();
    return columns > 0 ? columns : USUAL_COLUMNS;
  }

  /** Whether the standard error output goes to it. */
  private static boolean isErrorShown() {
    try {
      return STANDARD_ERROR.toRealPath().toString().matches("/dev/(pts/|tty).*");
    } catch (IOException e) {
      return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
  }

  private static int ask() {
    try {
      var process = new ProcessBuilder("stty", "size").redirectInput(TTY).start();
      try (var answer = process.inputReader()) {
        var size = answer.readLine();
        return size == null ? 0 : number(size.substring(size.indexOf(' ') + 1));
      }
    } catch (IOException e) {
      return 0;
    }
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }
}
