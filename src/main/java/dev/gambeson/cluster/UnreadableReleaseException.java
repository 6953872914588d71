package dev.gambeson.cluster;

/** The configuration of a release cannot be read, for the reason in the message. */
public final class UnreadableReleaseException extends Exception {
  UnreadableReleaseException(String message) {
    super(message);
  }
}
