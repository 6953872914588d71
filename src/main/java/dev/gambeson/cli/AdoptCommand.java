package dev.gambeson.cli;

import dev.gambeson.adopt.Adoption;
import dev.gambeson.adopt.Plan;
import dev.gambeson.adopt.PlanFiles;
import dev.gambeson.adopt.PlanText;
import dev.gambeson.config.ConfigurationFile;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ManifestFiles;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "  gambeson adopt manifests.yaml",
      "  kubectl get namespaces,limitranges,deployments,statefulsets,daemonsets,cronjobs -A -o yaml | gambeson adopt -",
      "  gambeson adopt --config config.yaml --to plan manifests.yaml"
    })
final class AdoptCommand implements Callable<Integer> {

  /** What the command prints. */
  enum Output {
    TEXT,
    YAML;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Path PLAN = Path.of("gambeson-plan");

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files, folders or patterns of manifests; - reads the standard input.")
  List<String> names = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration in force, which the plan extends; without it, the built-in profiles.")
  @Nullable String config;

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
      defaultValue = "default",
      description = "The namespace of objects that name none (default: ${DEFAULT-VALUE}).")
  String namespace = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text is for people; yaml prints the configuration and the labels of the Namespaces (default: ${DEFAULT-VALUE}).")
  Output output = Output.TEXT;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Also writes config.yaml and namespaces.yaml into this directory.")
  @Nullable Path directory;

  @Override
  public Integer call() {
    var text = text();
    var configuration = ConfigurationOption.read(config);
    for (var profile : profiles) {
      if (configuration.choose(profile).isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "There is no profile \"%s\"; there are %s"
                .formatted(
                    profile, String.join(", ", new TreeSet<>(configuration.profiles().keySet()))));
      }
    }
    var manifests = ManifestFiles.read(names);
    var plan = plan(configuration, manifests.objects().toList());
    var files = PlanFiles.of(plan, text);
    if (directory != null) {
      write(directory, files);
    }
    var commandLine = spec.commandLine();
    var written =
        output == Output.YAML
            ? files.text()
            : PlanText.of(plan, Objects.requireNonNullElse(directory, PLAN).toString());
    commandLine.getOut().print(written);
    commandLine.getOut().flush();
    manifests.problems().forEach(problem -> commandLine.getErr().println(problem));
    return manifests.problems().isEmpty() && plan.problems().isEmpty()
        ? ExitCodes.FINE
        : ExitCodes.UNUSABLE;
  }

  private Plan plan(Configuration configuration, List<KubernetesObject> objects) {
    return new Adoption(new Adoption.Terms(configuration, profiles, namespace, Instant.now()))
        .plan(objects);
  }

  /** The text of the configuration; empty for the built-in one. */
  private String text() {
    try {
      return config == null ? "" : ConfigurationFile.read(Path.of(config));
    } catch (IOException e) {
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
