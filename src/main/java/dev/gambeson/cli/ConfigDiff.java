package dev.gambeson.cli;

import dev.gambeson.review.ManifestFiles;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description =
        "Compares what two configurations do with the same manifests, or a live cluster: what is newly fixed, newly refused, no longer"
            + " refused, and what the fixes request more.",
    exitCodeList = {
      "0:all was judged by both",
      "2:bad usage, or input that cannot be read or judged"
    },
    footer = {
      "  gambeson config diff config.yaml new.yaml k8s/",
      "  gambeson config diff config.yaml new.yaml --cluster -A"
    })
final class ConfigDiff implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "OLD", description = "The configuration in force.")
  String before = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "The one to come.")
  String after = "";

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files, folders or patterns of manifests; - reads the standard input.")
  List<String> names = List.of();

  @Mixin LiveCluster live = new LiveCluster();

  @Mixin ClusterChoice clusterChoice = new ClusterChoice();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description =
          "The namespace of objects that name none (default: default); with --cluster, the one to read.")
  @Nullable String namespace;

  @Option(names = "--json", description = "Prints JSON.")
  boolean json;

  @Override
  public Integer call() {
    live.check(namespace, !names.isEmpty());
    var old = terms(ConfigurationOption.load(before).configuration());
    var next = terms(ConfigurationOption.load(after).configuration());
    return objects().compare(old, next, json, spec.commandLine());
  }

  private ComparedObjects objects() {
    if (live.chosen) {
      return ComparedObjects.of(live.read(clusterChoice, namespace));
    }
    if (clusterChoice.isMade()) {
      throw new ParameterException(
          spec.commandLine(), "--context and --kubeconfig are for --cluster");
    }
    return ComparedObjects.of(ManifestFiles.read(live.requireFiles(names)));
  }

  private ReviewTerms terms(Configuration configuration) {
    return new ReviewTerms(
        configuration,
        null,
        Objects.requireNonNullElse(namespace, "default"),
        Instant.now(),
        Requester.UNKNOWN,
        false);
  }
}
