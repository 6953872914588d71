package dev.gambeson.cli;

import dev.gambeson.review.CaseResult;
import dev.gambeson.review.CaseSuite;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "test",
    description = {
      "Tests a configuration: judges the pods of cases, and compares what is fixed and what is violated with what each case expects.",
      "A case is a YAML document with a pod (or the name of its file), a profile or a namespace, fixes and violations;"
          + " docs/review.md describes it."
    },
    exitCodeList = {
      "0:every case found what it expects",
      "1:one did not",
      "2:bad usage, no case, or a case or configuration that cannot be read"
    },
    footer = {
      "  gambeson test cases/",
      "  gambeson test --config examples/config.yaml examples/cases",
      "  gambeson test --config-from-cluster cases/",
      "  gambeson test --update cases/new.yaml"
    })
final class TestCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "The folders or files of the cases.")
  List<String> names = List.of();

  @Mixin ConfigurationChoice configurationChoice = new ConfigurationChoice();

  @Option(
      names = "--update",
      description = "Changes what the cases expect to what is found. Review the difference.")
  boolean updates;

  @Override
  public Integer call() {
    var chosen = configurationChoice.read();
    var out = spec.commandLine().getOut();
    if (chosen.found() != null) {
      out.println("configuration: " + chosen.found());
    }
    var suite = new CaseSuite(chosen.configuration(), Instant.now(), updates);
    suite.run(names);

    var failed = suite.results().stream().filter(result -> !result.passed()).toList();
    failed.forEach(this::print);
    if (!failed.isEmpty()) {
      out.println("(- is expected and was not found; + was found and is not expected)");
    }
    suite.updated().forEach(file -> out.println("updated " + file));
    int passed = suite.results().size() - failed.size();
    out.println(passed + " passed, " + failed.size() + " failed");
    suite.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
    if (!suite.problems().isEmpty()) {
      return ExitCodes.UNUSABLE;
    }
    return failed.isEmpty() ? ExitCodes.FINE : ExitCodes.BROKEN;
  }

  private void print(CaseResult result) {
    var ansi = spec.commandLine().getColorScheme().ansi();
    var out = spec.commandLine().getOut();
    out.println(ansi.string("@|bold,red FAILED|@ ") + result.place() + ": " + result.name());
    result.differences().forEach(out::println);
  }
}
