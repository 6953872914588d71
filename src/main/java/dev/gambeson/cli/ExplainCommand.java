package dev.gambeson.cli;

import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.cluster.ClusterAccess;
import dev.gambeson.cluster.PodReader;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.explain.Explainer;
import dev.gambeson.explain.Explanation;
import dev.gambeson.explain.ExplanationJson;
import dev.gambeson.explain.ExplanationText;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "explain",
    description = {
      "Explains a pod: what Gambeson filled in, and whether that is why the pod fails.",
      "Compares the pod with the template of its owner, reads its status, its events and, with --logs, the last lines of its"
          + " containers. Names the rule, how sure it is, and the YAML or the narrowest exemption that helps. Only reads, with the"
          + " rights of the kubeconfig's user."
    },
    exitCodeList = {
      "0:no fix is behind anything that is wrong",
      "1:a fix is, or may be",
      "2:bad usage, or the pod cannot be read"
    },
    footer = {
      "  gambeson explain web-5d9c7b-x2x4z -n shop --logs",
      "  gambeson explain web-0 --output json"
    })
final class ExplainCommand implements Callable<Integer> {

  /** What the command prints. */
  enum Output {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String PREFIX = "pod/";

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "POD", description = "The name of the pod.")
  String name = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Its namespace (default: that of the context).")
  @Nullable String namespace;

  @Mixin ConfigurationChoice configurations = new ConfigurationChoice();

  @Option(names = "--logs", description = "Reads the last lines that its containers wrote, too.")
  boolean logs;

  @Option(
      names = {"-p", "--profile"},
      paramLabel = "NAME",
      description = "The profile of the pod (default: that of its namespace).")
  @Nullable String profile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text is for people, json for programs (default: ${DEFAULT-VALUE}).")
  Output output = Output.TEXT;

  private final List<String> notes = new ArrayList<>();

  @Override
  public Integer call() {
    var explanation = explain(configurations.clusterChoice.access());
    var out = spec.commandLine().getOut();
    out.print(
        output == Output.JSON ? ExplanationJson.of(explanation) : ExplanationText.of(explanation));
    out.flush();
    return explanation.blamesFix() ? ExitCodes.BROKEN : ExitCodes.FINE;
  }

  private Explanation explain(ClusterAccess access) {
    try {
      var observed =
          PodReader.read(
              access,
              namespace == null ? access.namespace() : namespace,
              name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name,
              logs);
      var configuration = configuration();
      var explanation =
          new Explainer(configuration, choice(configuration)).explain(observed, Instant.now());
      if (!logs && !explanation.isHealthy()) {
        notes.add("--logs reads what its containers wrote, which may tell more");
      }
      return explanation.noting(notes);
    } catch (UnreadableClusterException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    } catch (MalformedReviewException e) {
      throw new CommandFailure("the pod cannot be explained: " + e.getMessage());
    }
  }

  private Configuration configuration() {
    var chosen = configurations.readForCluster();
    if (chosen.found() != null && chosen.release() == null) {
      notes.add("the rules are those of " + chosen.found());
    }
    return chosen.configuration();
  }

  private Configuration.@Nullable Choice choice(Configuration configuration) {
    return profile == null ? null : ConfigurationOption.choose(spec, configuration, profile);
  }
}
