package dev.gambeson.cli;

import dev.gambeson.adopt.Adoption;
import dev.gambeson.adopt.PlanFiles;
import dev.gambeson.adopt.PlanHtml;
import dev.gambeson.adopt.PlanText;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ManifestFiles;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "adopt",
    description = {
      "Plans how namespaces get the strictest profiles that refuse nothing of what is there.",
      "For each namespace: the profile, the narrowest exemptions that carry it, the fixes that may stop a container and the commands"
          + " that tell, the Pod Security level that holds beneath, and what stands in the way of the next stricter profile. Then the"
          + " commands, in order, each with its way back. Changes nothing itself."
    },
    exitCodeList = {
      "0:the plan is complete",
      "2:bad usage, or input that cannot be read or judged"
    },
    footer = {
      "  gambeson adopt",
      "  gambeson adopt --config-from-cluster --to gambeson-plan",
      "  gambeson adopt --config config.yaml manifests/"
    })
final class AdoptCommand implements Callable<Integer> {

  /** What the command prints. */
  enum Output {
    TEXT,
    YAML,
    HTML;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Path PLAN = Path.of("gambeson-plan");

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      description =
          "Files, folders or patterns of manifests; - reads the standard input. Without any, the cluster is read.")
  List<String> names = List.of();

  @Mixin ConfigurationChoice configurations = new ConfigurationChoice();

  @Option(
      names = "--profiles",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "strict,standard,observe",
      description =
          "The profiles that a namespace may get, the strictest first (default: ${DEFAULT-VALUE}).")
  List<String> profiles = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description =
          "The namespace of manifests that name none (default: default); of a cluster, the only one to read.")
  @Nullable String namespace;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text is for people; yaml prints the configuration and the labels of the Namespaces; html is a page to mail (default:"
              + " ${DEFAULT-VALUE}).")
  Output output = Output.TEXT;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Also writes config.yaml and namespaces.yaml into this directory.")
  @Nullable Path directory;

  @Override
  public Integer call() {
    boolean live = names.isEmpty();
    var chosen = live ? configurations.readToChange() : configurations.read();
    requireProfiles(chosen.configuration());
    var problems = new ArrayList<String>();
    var objects = live ? cluster(problems) : manifests(problems);
    var plan =
        new Adoption(
                new Adoption.Terms(
                    chosen.configuration(),
                    profiles,
                    Objects.requireNonNullElse(namespace, "default"),
                    Instant.now()))
            .plan(objects);
    var files = PlanFiles.of(plan, chosen.text());
    if (directory != null) {
      write(directory, files);
    }
    var place = Objects.requireNonNullElse(directory, PLAN).toString();
    var commandLine = spec.commandLine();
    var written =
        switch (output) {
          case TEXT -> PlanText.of(plan, place);
          case YAML -> files.text();
          case HTML -> PlanHtml.of(plan, place, Instant.now());
        };
    commandLine.getOut().print(written);
    commandLine.getOut().flush();
    problems.forEach(problem -> commandLine.getErr().println(problem));
    return problems.isEmpty() && plan.problems().isEmpty() ? ExitCodes.FINE : ExitCodes.UNUSABLE;
  }

  private void requireProfiles(Configuration configuration) {
    for (var profile : profiles) {
      ConfigurationOption.choose(spec, configuration, profile);
    }
  }

  private List<KubernetesObject> manifests(List<String> problems) {
    var manifests = ManifestFiles.read(names);
    problems.addAll(manifests.problems());
    return manifests.objects().toList();
  }

  private List<KubernetesObject> cluster(List<String> problems) {
    try {
      var cluster = configurations.clusterChoice.read(namespace, spec.commandLine().getErr());
      problems.addAll(cluster.problems());
      return cluster.objects();
    } catch (UnreadableClusterException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private static void write(Path directory, PlanFiles files) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("config.yaml"), files.configuration());
      Files.writeString(directory.resolve("namespaces.yaml"), files.namespaces());
    } catch (IOException e) {
      throw new CommandFailure("the plan cannot be written to " + directory + ": " + e);
    }
  }
}
