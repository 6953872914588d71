package dev.gambeson.rule;

import dev.gambeson.pod.ContainerRef;

/** The containers that a rule about answering requests is for. */
public enum ContainerChoice {
  /** Those that declare ports. */
  SERVING,
  ALL;

  public boolean includes(ContainerRef container) {
    return this == ALL || !container.container().getPorts().isEmpty();
  }
}
