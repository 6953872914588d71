package dev.gambeson.report;

import dev.gambeson.verdict.CheckMode;
import java.util.Locale;

/** What makes a review fail. */
public enum FailOn {
  /** A violation that is enforced. */
  ENFORCE,
  /** One that is warned of as well. */
  WARN,
  /** No violation. */
  NEVER;

  /** Whether a violation of that mode does. */
  public boolean fails(CheckMode mode) {
    return switch (this) {
      case ENFORCE -> mode == CheckMode.ENFORCE;
      case WARN -> mode.compareTo(CheckMode.WARN) >= 0;
      case NEVER -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
