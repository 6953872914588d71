package dev.gambeson.explain;

import dev.gambeson.rule.Violation;
import java.util.Locale;

/**
 * Something that was observed of a pod.
 *
 * @param container the container that it is about; empty for the pod as a whole
 * @param reason one word; empty for a line of a log
 * @param message in one line
 */
record Sign(Source source, String container, String reason, String message) {
  private static final int LONGEST = 1_000;
  private static final int LONGEST_QUOTE = 300;

  /** Where it was observed. */
  enum Source {
    STATUS,
    EVENT,
    LOG
  }

  /** Cleans the texts, which come from containers among others. */
  static Sign of(Source source, String container, String reason, String message) {
    return new Sign(source, container, clean(reason), clean(message));
  }

  private static String clean(String text) {
    return Violation.clean(Violation.shorten(text, LONGEST)).strip();
  }

  String text() {
    return reason.isEmpty() ? message : message.isEmpty() ? reason : reason + ": " + message;
  }

  /** {@code event FailedScheduling: 0/3 nodes are available: 3 Insufficient cpu.}. */
  String quote() {
    return source.name().toLowerCase(Locale.ROOT)
        + (container.isEmpty() ? "" : " of container \"" + container + "\"")
        + ": "
        + Violation.shorten(text(), LONGEST_QUOTE);
  }
}
