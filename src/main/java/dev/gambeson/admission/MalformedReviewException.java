package dev.gambeson.admission;

/** The body of a request is no AdmissionReview that Gambeson can answer; the message says why. */
public final class MalformedReviewException extends Exception {
  public MalformedReviewException(String message) {
    super(message);
  }
}
