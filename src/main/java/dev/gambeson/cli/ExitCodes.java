package dev.gambeson.cli;

/** What the exit code of a command says. */
final class ExitCodes {
  static final int FINE = 0;

  /** Something that is enforced is broken. */
  static final int BROKEN = 1;

  /** A server could not start, or files could not be written. */
  static final int FAILED = 1;

  /** The command could not do its work: bad usage, or input that cannot be read. */
  static final int UNUSABLE = 2;

  /** Nothing was found to judge, and something was asked for. */
  static final int NOTHING = 3;

  private ExitCodes() {}
}
