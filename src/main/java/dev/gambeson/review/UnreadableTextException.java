package dev.gambeson.review;

import java.io.IOException;

/** What is read is not the text of a file. */
final class UnreadableTextException extends IOException {
  private final String reason;

  UnreadableTextException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
