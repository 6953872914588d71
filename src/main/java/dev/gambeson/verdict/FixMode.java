package dev.gambeson.verdict;

/** What a profile does with a rule's fix. */
public enum FixMode {
  /** Nothing. */
  OFF,
  /** Counts and reports what would change, and changes nothing. */
  AUDIT,
  /** Changes the pod. */
  APPLY
}
