package dev.gambeson.review;

/** What becomes of the pods of an object. */
public enum Verdict {
  /** They break something that is enforced. */
  REFUSED,
  /** They run, with what the fixes change. */
  CHANGED,
  /** They run as they are. */
  UNCHANGED
}
