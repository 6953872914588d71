package dev.gambeson.admission;

/** What a request asks for. */
public enum Webhook {
  MUTATE,
  VALIDATE,
  /** The verdict of the profile {@code observe}, which denies nothing. */
  OBSERVE
}
