package dev.gambeson.model;

import java.io.IOException;

/**
 * Something that {@link PodReader} does not read: a reader that can say more of it is to read it.
 */
public final class UnusualException extends IOException {
  private static final long serialVersionUID = 1L;

  UnusualException(String message) {
    super(message);
  }

  /** Where it was thrown tells nobody anything, and costs much. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
