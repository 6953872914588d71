package dev.gambeson.adopt;

import java.util.List;

/**
 * How a cluster adopts profiles.
 *
 * @param namespaces those that have workloads, the easiest first
 * @param problems the workloads that cannot be judged, each in one line
 */
public record Plan(List<NamespacePlan> namespaces, List<String> problems) {
  public Plan {
    namespaces = List.copyOf(namespaces);
    problems = List.copyOf(problems);
  }

  /** Whether a namespace is still to be changed. */
  boolean isLeft() {
    return namespaces.stream().anyMatch(namespace -> !namespace.isDone());
  }
}
