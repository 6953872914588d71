package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;

/** The containers that a rule about answering requests is for. */
enum ContainerChoice {
  /** Those that declare ports. */
  SERVING,
  ALL;

  boolean includes(ContainerRef container) {
    return this == ALL || !container.container().getPorts().isEmpty();
  }
}
