package dev.gambeson.adopt;

/** The shell in which the commands of a plan run. */
final class Shell {
  private Shell() {}

  /** A word of a command, whatever the author of a manifest wrote there. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9/._=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
