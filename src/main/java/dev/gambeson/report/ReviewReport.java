package dev.gambeson.report;

import dev.gambeson.review.ReviewedFile;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** A manner of showing what a review found. */
public interface ReviewReport {
  /** Everything that goes to the standard output. */
  String write(List<ReviewedFile> files, Ansi ansi);
}
