package dev.gambeson.cli;

import dev.gambeson.report.ComparisonReport;
import dev.gambeson.review.Comparison;
import dev.gambeson.review.ManifestFiles;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description =
        "Compares what two configurations do with the same manifests: what is newly fixed, newly refused, no longer refused,"
            + " and what the fixes request more.",
    exitCodeList = {
      "0:the manifests were judged by both",
      "2:bad usage, or input that cannot be read or judged"
    })
final class ConfigDiff implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "OLD", description = "The configuration in force.")
  String before = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "The one to come.")
  String after = "";

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files, folders or patterns of manifests; - reads the standard input.")
  List<String> names = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      defaultValue = "default",
      description = "The namespace of objects that name none (default: ${DEFAULT-VALUE}).")
  String namespace = "";

  @Option(names = "--json", description = "Prints JSON.")
  boolean json;

  @Override
  public Integer call() {
    var old = terms(ConfigurationOption.load(before).configuration());
    var next = terms(ConfigurationOption.load(after).configuration());
    var manifests = ManifestFiles.read(names);
    var comparison = Comparison.of(manifests.objects().toList(), List.of(), old, next);
    var commandLine = spec.commandLine();
    commandLine
        .getOut()
        .print(
            json
                ? ComparisonReport.json(comparison)
                : ComparisonReport.text(
                    comparison,
                    Terminal.columns(System.getenv()),
                    commandLine.getColorScheme().ansi()));
    commandLine.getOut().flush();
    manifests.problems().forEach(commandLine.getErr()::println);
    comparison.problems().forEach(commandLine.getErr()::println);
    return manifests.problems().isEmpty() && comparison.problems().isEmpty()
        ? ExitCodes.FINE
        : ExitCodes.UNUSABLE;
  }

  private ReviewTerms terms(Configuration configuration) {
    return new ReviewTerms(
        configuration, null, namespace, Instant.now(), new Requester("", Set.of()), false);
  }
}
