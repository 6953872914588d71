package dev.gambeson.config;

import dev.gambeson.pod.FieldPath;

/** Takes what is wrong at a place of the tree that is being read. */
@FunctionalInterface
interface ProblemReporter {
  /** For what is reported elsewhere. */
  ProblemReporter NOBODY = (path, message) -> {};

  void report(FieldPath path, String message);
}
