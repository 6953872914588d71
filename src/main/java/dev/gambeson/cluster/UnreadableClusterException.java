package dev.gambeson.cluster;

/** The cluster, or something in it, cannot be read, for the reason in the message. */
public class UnreadableClusterException extends Exception {
  UnreadableClusterException(String message) {
    super(message);
  }
}
