package dev.gambeson.report;

import dev.gambeson.review.Review;

/** A manner of showing what a review found. */
public interface ReviewReport {
  /** Everything that goes to the standard output. */
  String write(Review review);
}
