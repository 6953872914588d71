package dev.gambeson.config;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigurationException extends Exception {
  private final transient List<Problem> problems;

  ConfigurationException(Collection<Problem> problems) {
    super(
        problems.stream()
            .sorted(Problem.ORDER)
            .map(Problem::toString)
            .collect(Collectors.joining("\n")));
    this.problems = problems.stream().sorted(Problem.ORDER).toList();
  }

  /** All of them, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
