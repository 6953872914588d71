package dev.gambeson.cluster;

/** No release of Gambeson is installed in the cluster. */
public final class NoReleaseException extends UnreadableClusterException {
  NoReleaseException(String message) {
    super(message);
  }
}
