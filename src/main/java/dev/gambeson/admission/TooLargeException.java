package dev.gambeson.admission;

/** An object exceeds a {@link Bound}. */
final class TooLargeException extends MalformedReviewException {
  private static final long serialVersionUID = 1;

  private final String excess;

  /**
   * Creates it.
   *
   * @param excess {@code more than 500 containers}
   */
  TooLargeException(String excess) {
    super("the object is too large: it has " + excess);
    this.excess = excess;
  }

  String excess() {
    return excess;
  }
}
