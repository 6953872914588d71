package dev.gambeson.review;

import dev.gambeson.verdict.CheckMode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The verdict on manifests.
 *
 * @param problems everything that could not be read or judged, each in one line
 * @param remarks what else is to be known of what was read, each in one line
 */
public record Review(List<ReviewedFile> files, List<String> problems, List<String> remarks) {
  public Review {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
  }

  /** The objects that describe pods. */
  public Stream<JudgedObject> objects() {
    return files.stream().flatMap(file -> file.objects().stream());
  }

  /** How many objects have that verdict: each has one. */
  public long count(Verdict verdict) {
    return objects().filter(object -> object.verdict() == verdict).count();
  }

  /** How many findings have that mode. */
  public long count(CheckMode mode) {
    return objects().mapToLong(object -> object.findings(mode).size()).sum();
  }
}
