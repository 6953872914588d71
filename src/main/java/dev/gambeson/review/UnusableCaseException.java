package dev.gambeson.review;

import java.util.List;

/** A case cannot be judged. */
final class UnusableCaseException extends Exception {
  private final transient List<String> reasons;

  UnusableCaseException(List<String> reasons) {
    super(String.join("; ", reasons));
    this.reasons = List.copyOf(reasons);
  }

  List<String> reasons() {
    return reasons;
  }
}
