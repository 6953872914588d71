package dev.gambeson.admission;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;

/**
 * The body of a request is no AdmissionReview that Gambeson can answer, or an object is not what
 * its kind is; the message says why.
 */
public class MalformedReviewException extends Exception {
  private static final int LONGEST_MESSAGE = 1000;

  private final FieldPath path;
  private final String reason;

  public MalformedReviewException(String message) {
    this(FieldPath.ROOT, message);
  }

  /**
   * An object cannot be read.
   *
   * @param path the field at fault; the root where it is the object as a whole
   * @param reason what is wrong with it
   */
  public MalformedReviewException(FieldPath path, String reason) {
    super(
        Violation.shorten(
            Violation.clean(path.isRoot() ? reason : path + " " + reason), LONGEST_MESSAGE));
    this.path = path;
    this.reason = reason;
  }

  /** The field at fault, in the object; the root where it is the object as a whole. */
  public FieldPath path() {
    return path;
  }

  /** The same of an object that stands there in another one. */
  MalformedReviewException under(FieldPath prefix) {
    return path.isRoot() && prefix.isRoot()
        ? this
        : new MalformedReviewException(path.under(prefix), reason);
  }
}
