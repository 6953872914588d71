package dev.gambeson.cli;

import dev.gambeson.report.DiffReport;
import dev.gambeson.report.ExemptionForms;
import dev.gambeson.report.FailOn;
import dev.gambeson.report.HtmlReport;
import dev.gambeson.report.JUnitReport;
import dev.gambeson.report.JsonReport;
import dev.gambeson.report.ReviewReport;
import dev.gambeson.report.SarifReport;
import dev.gambeson.report.StaleReport;
import dev.gambeson.report.TextReport;
import dev.gambeson.report.TextReport.Detail;
import dev.gambeson.report.YamlReport;
import dev.gambeson.review.ClusterReview;
import dev.gambeson.review.ManifestFiles;
import dev.gambeson.review.ManifestReview;
import dev.gambeson.review.Review;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.CheckMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "review",
    description = {
      "Judges the pods of manifests as the webhook will judge them: what it would fill in, and what it would refuse.",
      "Reads YAML and JSON, any number of documents in a file, and Lists; objects without a pod pass by."
    },
    exitCodeList = {
      "0:nothing that is enforced is broken once the fixes are in",
      "1:something is (--fail-on says what counts)",
      "2:bad usage, or input that cannot be read",
      "3:no object describes a pod (with --fail-if-nothing-found)"
    },
    footer = {
      "  gambeson review deployment.yaml",
      "  gambeson review k8s/ -f extra.yaml -n shop -p strict",
      "  gambeson review --profile strict --output diff '**/*.yaml'",
      "  helm template shop ./chart | gambeson review --output yaml - | kubectl apply -f -",
      "  kubectl get deployments -A -o yaml | gambeson review --output json -",
      "  gambeson review --fail-on warn --skip-rules Probes,ImageTag --output sarif k8s/ > gambeson.sarif",
      "  gambeson review --suggest-exemption --namespace logging filebeat.yaml",
      "  gambeson review --cluster -A --profile strict",
      "  gambeson review --cluster -n shop --stale",
      "  gambeson review --cluster -n shop --compare standard strict"
    })
final class ReviewCommand implements Callable<Integer> {

  /** What the command prints. */
  enum Output {
    TEXT,
    YAML,
    DIFF,
    JSON,
    SARIF,
    JUNIT,
    HTML;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<Output> NEED_TEXT = EnumSet.of(Output.YAML, Output.DIFF, Output.SARIF);
  private static final String DEFAULT_NAMESPACE = "default";

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "The manifests: files, folders (the .yaml, .yml and .json files in them and below, without hidden ones),"
              + " and quoted patterns, '**/*.yaml' for example; - reads the standard input.")
  List<String> names = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "The same, as kubectl names files; may be given several times.")
  List<String> filenames = List.of();

  @Mixin ConfigurationChoice configurationChoice = new ConfigurationChoice();

  @Mixin LiveCluster live = new LiveCluster();

  @Option(
      names = "--stale",
      description =
          "With --cluster: prints, in place of a report, the workloads whose pods will be refused, or will change, when they are next"
              + " created: after an eviction, at the next run of a CronJob, when they are scaled up.")
  boolean stale;

  @Option(
      names = {"-p", "--profile"},
      paramLabel = "NAME",
      description =
          "The profile to judge by. Without it, each namespace has the one that the configuration gives it, else the one that the"
              + " label gambeson.dev/profile of a Namespace in the input names, else the default one.")
  @Nullable String profile;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description =
          "The namespace of objects that name none (default: "
              + DEFAULT_NAMESPACE
              + "); with --cluster, the one to read.")
  @Nullable String namespace;

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      converter = MomentConverter.class,
      description =
          "The moment of the verdict: a day, 2027-01-15 for example, which stands for its beginning in UTC, or an instant,"
              + " 2027-01-15T18:00:00Z for example (default: now).")
  @Nullable Instant moment;

  @Option(
      names = "--as",
      paramLabel = "USER",
      defaultValue = "",
      description =
          "Who creates the Pods of the input: exemptions may be for users. The pods of workloads are created by their controller.")
  String user = "";

  @Option(
      names = "--as-group",
      paramLabel = "GROUP",
      description = "A group that this user is in; may be given several times.")
  List<String> groups = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text tells what is broken and what is fixed; yaml prints the input with the fixes in it, diff shows them; json is for"
              + " programs, sarif for code scanning, junit for test reports; html is one page to mail (default: ${DEFAULT-VALUE}).")
  Output output = Output.TEXT;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "PROFILE",
      description =
          "Prints, in place of a report, what changes where namespaces move from the first profile to the second: what is newly fixed,"
              + " newly refused, no longer refused, and what the fixes request more, held against ResourceQuotas.")
  List<String> compared = List.of();

  @ArgGroup Amount amount = new Amount();

  /** How much the text tells. */
  static final class Amount {
    @Option(
        names = {"-v", "--verbose"},
        description =
            "The text also shows what is only audited, and long values; sarif has what is audited as notes.")
    boolean verbose;

    @Option(
        names = {"-q", "--quiet"},
        description = "The text shows only what is refused, and the summary.")
    boolean quiet;
  }

  @Option(
      names = "--fail-on",
      paramLabel = "MODE",
      defaultValue = "enforce",
      description =
          "Which violations make the exit code 1: enforce; warn, those that are warned of as well; or never (default: ${DEFAULT-VALUE}).")
  FailOn failOn = FailOn.ENFORCE;

  @Option(
      names = "--fail-if-nothing-found",
      description = "The exit code is 3 if no object in the input describes a pod.")
  boolean failsIfNothingFound;

  @Mixin RuleChoice ruleChoice = new RuleChoice();

  @Option(
      names = "--suggest-exemption",
      description =
          "Prints, in place of a report, the narrowest exemptions that would let pass what is enforced and the fixes leave: entries"
              + " for exemptions in the configuration. It refuses them until somebody has filled in reason and approvedBy.")
  boolean suggestsExemptions;

  @Override
  public Integer call() {
    if (suggestsExemptions && spec.commandLine().getParseResult().hasMatchedOption("--output")) {
      throw new ParameterException(
          spec.commandLine(), "--suggest-exemption has an output of its own: leave out --output");
    }
    live.check(namespace, !names.isEmpty() || !filenames.isEmpty());
    if (stale && !live.chosen) {
      throw new ParameterException(spec.commandLine(), "--stale is for --cluster");
    }
    if (live.chosen && NEED_TEXT.contains(output)) {
      throw new ParameterException(
          spec.commandLine(),
          "--output %s is about lines of manifests, and a live cluster has none: use text, json, junit or html"
              .formatted(output));
    }
    if (!compared.isEmpty() && output != Output.TEXT && output != Output.JSON) {
      throw new ParameterException(spec.commandLine(), "--compare prints text or json");
    }
    if (!compared.isEmpty() && (profile != null || stale || suggestsExemptions)) {
      throw new ParameterException(
          spec.commandLine(),
          "--compare has two profiles and an output of its own: leave out --profile, --stale and --suggest-exemption");
    }
    if (stale && output != Output.TEXT && output != Output.JSON) {
      throw new ParameterException(spec.commandLine(), "--stale prints text or json");
    }
    return live.chosen ? reviewCluster() : reviewManifests();
  }

  private int reviewManifests() {
    var chosen = configurationChoice.read();
    var manifests = ManifestFiles.read(files());
    if (!compared.isEmpty()) {
      return compare(ComparedObjects.of(manifests), chosen);
    }
    return print(ManifestReview.of(manifests, terms(chosen)), chosen);
  }

  private int reviewCluster() {
    var chosen = configurationChoice.readForCluster();
    var terms = terms(chosen);
    var read = live.read(configurationChoice.clusterChoice, namespace);
    if (!compared.isEmpty()) {
      return compare(ComparedObjects.of(read), chosen);
    }
    var review = new ClusterReview(read.objects(), read.pods(), terms);
    var remarks = new ArrayList<>(read.remarks());
    if (Collections.disjoint(read.unread(), ClusterReview.WEBHOOKS)) {
      remarks.addAll(review.uncovered());
    }
    return stale
        ? printStale(review, read.problems(), remarks, chosen)
        : print(review.review().with(read.problems(), remarks), chosen);
  }

  private int printStale(
      ClusterReview review,
      List<String> unread,
      List<String> remarks,
      ConfigurationChoice.Chosen chosen) {
    var workloads = review.stale();
    var problems = new ArrayList<>(unread);
    problems.addAll(review.problems());
    print(
        output == Output.JSON
            ? StaleReport.json(workloads, problems, remarks)
            : StaleReport.text(
                workloads,
                Terminal.columns(System.getenv()),
                spec.commandLine().getColorScheme().ansi()),
        chosen);
    printProblems(remarks, problems);
    boolean refused = workloads.stream().anyMatch(workload -> !workload.refused().isEmpty());
    return !problems.isEmpty() ? ExitCodes.UNUSABLE : refused ? ExitCodes.BROKEN : ExitCodes.FINE;
  }

  private int compare(ComparedObjects objects, ConfigurationChoice.Chosen chosen) {
    var terms = terms(chosen);
    var before =
        terms.under(ConfigurationOption.choose(spec, terms.configuration(), compared.getFirst()));
    var after =
        terms.under(ConfigurationOption.choose(spec, terms.configuration(), compared.getLast()));
    printFound(chosen);
    return objects.compare(before, after, output == Output.JSON, spec.commandLine());
  }

  private ReviewTerms terms(ConfigurationChoice.Chosen chosen) {
    var configuration = ruleChoice.restrict(chosen.configuration(), spec.commandLine());
    return new ReviewTerms(
        configuration,
        profile == null ? null : ConfigurationOption.choose(spec, configuration, profile),
        Objects.requireNonNullElse(namespace, DEFAULT_NAMESPACE),
        Objects.requireNonNullElseGet(moment, Instant::now),
        new Requester(user, Set.copyOf(groups)),
        suggestsExemptions);
  }

  private int print(Review review, ConfigurationChoice.Chosen chosen) {
    var report = suggestsExemptions ? new ExemptionForms(namespace != null) : report();
    print(report.write(review), chosen);
    boolean showsFixes = output == Output.YAML || output == Output.DIFF;
    if (showsFixes && !review.unfixed().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "left as they are: "
                  + review.unfixed()
                  + "; their pods are fixed when they are created");
    }
    printProblems(review.remarks(), review.problems());
    if (!review.problems().isEmpty()) {
      return ExitCodes.UNUSABLE;
    }
    if (failsIfNothingFound && review.objects().findAny().isEmpty()) {
      spec.commandLine().getErr().println("no object in the input describes a pod");
      return ExitCodes.NOTHING;
    }
    boolean fails =
        Stream.of(CheckMode.values())
            .anyMatch(mode -> failOn.fails(mode) && review.count(mode) > 0);
    return fails ? ExitCodes.BROKEN : ExitCodes.FINE;
  }

  private void print(String text, ConfigurationChoice.Chosen chosen) {
    printFound(chosen);
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }

  private void printFound(ConfigurationChoice.Chosen chosen) {
    var commandLine = spec.commandLine();
    if (chosen.found() != null) {
      boolean isText = output == Output.TEXT && !suggestsExemptions;
      (isText ? commandLine.getOut() : commandLine.getErr())
          .println("configuration: " + chosen.found());
    }
  }

  private void printProblems(List<String> remarks, List<String> problems) {
    var errors = spec.commandLine().getErr();
    remarks.forEach(errors::println);
    problems.forEach(errors::println);
  }

  private ReviewReport report() {
    var ansi = spec.commandLine().getColorScheme().ansi();
    return switch (output) {
      case TEXT ->
          new TextReport(
              Terminal.columns(System.getenv()),
              amount.quiet ? Detail.QUIET : amount.verbose ? Detail.VERBOSE : Detail.NORMAL,
              ansi);
      case YAML -> new YamlReport();
      case DIFF -> new DiffReport(ansi);
      case JSON -> new JsonReport();
      case SARIF -> new SarifReport(VersionCommand.version(), amount.verbose);
      case JUNIT -> new JUnitReport(failOn);
      case HTML -> new HtmlReport(Instant.now());
    };
  }

  private List<String> files() {
    return live.requireFiles(Stream.concat(names.stream(), filenames.stream()).toList());
  }
}
