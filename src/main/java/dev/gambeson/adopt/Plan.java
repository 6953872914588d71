package dev.gambeson.adopt;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a cluster adopts profiles.
 *
 * @param namespaces those that have workloads, the easiest first
 * @param enforces false where the configuration says {@code enforcement: warn}
 * @param problems what makes it incomplete, each in one line
 * @param remarks what else should be known of how it was made, each in one line
 */
public record Plan(
    List<NamespacePlan> namespaces, boolean enforces, List<String> problems, List<String> remarks) {
  public Plan {
    namespaces = List.copyOf(namespaces);
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
  }

  /** The same, with more to be known. */
  public Plan with(List<String> moreProblems, List<String> moreRemarks) {
    return new Plan(namespaces, enforces, both(moreProblems, problems), both(moreRemarks, remarks));
  }

  private static List<String> both(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** Whether a namespace is still to be changed. */
  boolean isLeft() {
    return namespaces.stream().anyMatch(namespace -> !namespace.isDone());
  }
}
