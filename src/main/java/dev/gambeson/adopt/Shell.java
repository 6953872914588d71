package dev.gambeson.adopt;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shell in which the commands of a plan run. */
public final class Shell {
  private Shell() {}

  /** A command of these words. */
  public static String command(Stream<String> words) {
    return words.map(Shell::quoted).collect(Collectors.joining(" "));
  }

  /** A word of a command, whatever the author of a manifest wrote there. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9/._=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
