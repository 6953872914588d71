package dev.gambeson.admission;

/**
 * An object of a review as it arrived: its outline, and its bytes to be read when they are asked
 * for.
 */
public final class ReviewedObject {
  private final Outline outline;
  private final byte[] body;
  private final int start;
  private final int end;

  /**
   * Creates it.
   *
   * @param body the whole review, of which the object is a part
   * @param start where the object begins
   * @param end where it is over; as {@code start} where its bytes are not all there
   */
  ReviewedObject(Outline outline, byte[] body, int start, int end) {
    this.outline = outline;
    this.body = body;
    this.start = start;
    this.end = end;
  }

  Outline outline() {
    return outline;
  }

  byte[] body() {
    return body;
  }

  int start() {
    return start;
  }

  /** How many bytes the object has. */
  int length() {
    return end - start;
  }
}
