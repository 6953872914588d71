package dev.gambeson.admission;

/**
 * An object of a review as it arrived: its outline, and where it stands, to be read when it is
 * asked for.
 */
public final class ReviewedObject {
  private final Outline outline;
  private final byte[] body;
  private final String field;
  private final int length;

  /**
   * Creates it.
   *
   * @param body the whole review
   * @param field the field of the request that holds the object
   * @param length how many bytes the object has at most
   */
  ReviewedObject(Outline outline, byte[] body, String field, int length) {
    this.outline = outline;
    this.body = body;
    this.field = field;
    this.length = length;
  }

  Outline outline() {
    return outline;
  }

  byte[] body() {
    return body;
  }

  String field() {
    return field;
  }

  int length() {
    return length;
  }
}
