package dev.gambeson.cli;

import dev.gambeson.adopt.Adoption;
import dev.gambeson.adopt.Plan;
import dev.gambeson.adopt.PlanFiles;
import dev.gambeson.adopt.PlanHtml;
import dev.gambeson.adopt.PlanText;
import dev.gambeson.adopt.Shell;
import dev.gambeson.adopt.Workplace;
import dev.gambeson.adopt.Workplace.Presence;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.review.ClusterReview;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ManifestFiles;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
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
      "  gambeson adopt --to gambeson-plan",
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
      description =
          "The profiles that a namespace may get, the strictest first (default: strict, then the default profile of the configuration"
              + " or standard, then observe). Namespaces that have chosen another one are left out.")
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
    var objects = new ArrayList<KubernetesObject>();
    var problems = new ArrayList<String>();
    var remarks = new ArrayList<String>();
    if (chosen.found() != null) {
      remarks.add("configuration: " + chosen.found());
    }
    if (live) {
      readCluster(objects, problems, remarks);
    } else {
      var manifests = ManifestFiles.read(names);
      manifests.objects().forEach(objects::add);
      problems.addAll(manifests.problems());
      remarks.addAll(manifests.remarks());
    }
    var terms =
        new Adoption.Terms(
            chosen.configuration(),
            profiles(chosen.configuration()),
            Objects.requireNonNullElse(namespace, "default"),
            Instant.now());
    return print(
        new Adoption(terms).plan(objects).with(problems, remarks), chosen, place(chosen, live));
  }

  /** Those that are named, else the built-in ones with the configuration's own default among. */
  private List<String> profiles(Configuration configuration) {
    if (!profiles.isEmpty()) {
      profiles.forEach(profile -> ConfigurationOption.choose(spec, configuration, profile));
      return profiles;
    }
    var usual = configuration.defaultProfile();
    return List.of(
        "strict",
        Set.of("strict", Configuration.OBSERVE).contains(usual) ? "standard" : usual,
        Configuration.OBSERVE);
  }

  private void readCluster(
      List<KubernetesObject> objects, List<String> problems, List<String> remarks) {
    try {
      var read = configurations.clusterChoice.read(namespace, spec.commandLine().getErr());
      if (read.unread().contains("Namespace")) {
        throw new CommandFailure(
            String.join("\n", read.problems())
                + "\nA plan could lower what the labels of namespaces say: it needs to know them.");
      }
      boolean knowsWebhooks = Collections.disjoint(read.unread(), ClusterReview.WEBHOOKS);
      read.objects().stream()
          .filter(object -> knowsWebhooks || !ClusterReview.WEBHOOKS.contains(object.kind()))
          .forEach(objects::add);
      problems.addAll(read.problems());
      remarks.addAll(read.remarks());
    } catch (UnreadableClusterException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private Workplace place(ConfigurationChoice.Chosen chosen, boolean live) {
    var release = chosen.release();
    var words = Stream.concat(Stream.of("gambeson"), parsed().originalArgs().stream());
    return new Workplace(
        Objects.requireNonNullElse(directory, PLAN).toString(),
        directory != null
            ? null
            : Shell.command(Stream.concat(words, Stream.of("--to", PLAN.toString()))),
        release == null ? "gambeson" : release.name(),
        release == null ? "gambeson-system" : release.namespace(),
        !chosen.text().isBlank(),
        release != null
            ? Presence.INSTALLED
            : live && chosen.found() != null ? Presence.ABSENT : Presence.UNKNOWN);
  }

  private ParseResult parsed() {
    return spec.root().commandLine().getParseResult();
  }

  private int print(Plan plan, ConfigurationChoice.Chosen chosen, Workplace place) {
    var files = PlanFiles.of(plan, chosen.text());
    if (directory != null) {
      write(directory, files);
    }
    var commandLine = spec.commandLine();
    commandLine
        .getOut()
        .print(
            switch (output) {
              case TEXT -> PlanText.of(plan, place, Terminal.columns(System.getenv()));
              case YAML -> files.text();
              case HTML -> PlanHtml.of(plan, place, Instant.now());
            });
    commandLine.getOut().flush();
    if (output != Output.TEXT) {
      plan.remarks().forEach(commandLine.getErr()::println);
    }
    plan.problems().forEach(commandLine.getErr()::println);
    return plan.problems().isEmpty() ? ExitCodes.FINE : ExitCodes.UNUSABLE;
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
