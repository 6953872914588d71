package dev.gambeson.review;

import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
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

  /** The same, with more that is to be known. */
  public Review with(List<String> moreProblems, List<String> moreRemarks) {
    return new Review(
        files,
        Stream.concat(problems.stream(), moreProblems.stream()).toList(),
        Stream.concat(remarks.stream(), moreRemarks.stream()).toList());
  }

  /** The objects that describe pods. */
  public Stream<JudgedObject> objects() {
    return files.stream().flatMap(file -> file.objects().stream());
  }

  /** The kinds of those that would be fixed, and are not: {@code 2 RayCluster}. */
  public String unfixed() {
    return counted(
        objects()
            .filter(object -> object.isForeign() && object.review().changed())
            .map(object -> object.review().kind()));
  }

  /** The kinds of those that describe no pod, or whose owner is judged in their place. */
  public String passedOver() {
    return counted(
        files.stream()
            .flatMap(file -> file.documents().stream())
            .flatMap(document -> document.passedOver().stream())
            .map(KubernetesObject::kind));
  }

  /** {@code 3 Service, 1 ConfigMap}, in the order of the first of each kind. */
  private static String counted(Stream<String> kinds) {
    return kinds
        .collect(Collectors.groupingBy(Violation::clean, LinkedHashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
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
