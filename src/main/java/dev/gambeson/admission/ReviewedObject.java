package dev.gambeson.admission;

import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * An object of a review as it arrived: its outline, and where it stands, to be read when it is
 * asked for. A small pod that is new was read with the review.
 */
public final class ReviewedObject {
  private final Outline outline;
  private final byte[] body;
  private final String field;
  private final int length;
  private @Nullable Pod pod;

  /**
   * Creates it.
   *
   * @param body the whole review
   * @param field the field of the request that holds the object
   * @param length how many bytes the object has at most
   * @param pod the object, if it was read
   */
  ReviewedObject(Outline outline, byte[] body, String field, int length, @Nullable Pod pod) {
    this.outline = outline;
    this.body = body;
    this.field = field;
    this.length = length;
    this.pod = pod;
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

  /** The pod, if it was read and nobody took it: whoever takes it may change it. */
  @Nullable Pod takePod() {
    var taken = pod;
    pod = null;
    return taken;
  }
}
