package dev.gambeson.cli;

import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** A manner of showing what a review found. */
interface ReviewReport {
  /** Everything that goes to the standard output. */
  String write(List<ReviewedFile> files, Ansi ansi);
}
