package dev.gambeson.explain;

import java.util.Locale;

/** How sure it is that a fix is behind a symptom, the surest first. */
public enum Certainty {
  /** The evidence names what the fix wrote, and nothing else explains it. */
  CERTAIN,
  /** The fix explains it, and something else seldom does. */
  LIKELY,
  /** The fix may be behind it, and so may something else. */
  POSSIBLE;

  /** The less sure of the two. */
  Certainty and(Certainty other) {
    return compareTo(other) > 0 ? this : other;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
