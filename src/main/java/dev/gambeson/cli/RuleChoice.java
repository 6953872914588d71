package dev.gambeson.cli;

import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Configuration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which rules a review is about. */
final class RuleChoice {
  @Option(
      names = "--rules",
      paramLabel = "RULE",
      split = ",",
      completionCandidates = RulesCommand.Names.class,
      description =
          "Only these rules fix and check, as if the others were off; separated by commas, or given several times.")
  List<String> chosen = List.of();

  @Option(
      names = "--skip-rules",
      paramLabel = "RULE",
      split = ",",
      completionCandidates = RulesCommand.Names.class,
      description = "All rules but these, likewise.")
  List<String> skipped = List.of();

  /** The configuration with these rules alone. */
  Configuration restrict(Configuration configuration, CommandLine commandLine) {
    var rules =
        (chosen.isEmpty() ? Rules.all().stream().map(Rule::name) : named(chosen, commandLine))
            .collect(Collectors.toSet());
    rules.removeAll(named(skipped, commandLine).collect(Collectors.toSet()));
    return configuration.restrictedTo(Set.copyOf(rules));
  }

  private static Stream<String> named(List<String> names, CommandLine commandLine) {
    return names.stream().map(name -> RulesCommand.named(name.strip(), commandLine));
  }
}
