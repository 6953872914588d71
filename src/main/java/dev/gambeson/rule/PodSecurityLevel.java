package dev.gambeson.rule;

/** The levels of the Pod Security Standards, from the laxest to the strictest. */
public enum PodSecurityLevel {
  PRIVILEGED,
  BASELINE,
  RESTRICTED
}
