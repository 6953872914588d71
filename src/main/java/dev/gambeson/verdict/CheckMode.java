package dev.gambeson.verdict;

/** What a profile does with a violation, from the mildest to the strictest. */
public enum CheckMode {
  OFF,
  /** Counted and written to the audit log. */
  AUDIT,
  /** Told to the author of the pod as well. */
  WARN,
  /** The pod is denied. */
  ENFORCE;

  /** The milder of the two. */
  public CheckMode min(CheckMode other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The stricter of the two. */
  public CheckMode max(CheckMode other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
