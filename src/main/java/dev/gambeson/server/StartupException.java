package dev.gambeson.server;

/** The server cannot start; the message says why, in one line. */
public final class StartupException extends Exception {
  private static final long serialVersionUID = 1;

  StartupException(String message) {
    super(message);
  }
}
