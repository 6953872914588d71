package dev.gambeson.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects what is wrong with a configuration, each thing once, however many profiles inherit it.
 */
final class Problems {
  private final Map<Problem, Set<String>> heirs = new LinkedHashMap<>();

  void add(Problem problem) {
    heirs.put(problem, new TreeSet<>());
  }

  /** Adds what is wrong with the profile {@code heir} because of what {@code writer} says. */
  void add(Problem problem, String writer, String heir) {
    var known = heirs.get(problem);
    if (heir.equals(writer)) {
      add(problem);
    } else if (known == null) {
      heirs.put(problem, new TreeSet<>(Set.of(heir)));
    } else if (!known.isEmpty()) {
      known.add(heir);
    }
  }

  /** All of them; what is wrong in profiles that extend another one only says in which. */
  List<Problem> all() {
    return heirs.entrySet().stream()
        .map(entry ->
            entry.getValue().isEmpty() ? entry.getKey() : in(entry.getValue(), entry.getKey()))
        .toList();
  }

  private static Problem in(Set<String> profiles, Problem problem) {
    return new Problem(
        problem.source(),
        problem.position(),
        problem.path(),
        problem.message()
            + (profiles.size() == 1 ? " (in the profile " : " (in the profiles ")
            + String.join(", ", profiles)
            + ")");
  }
}
