package dev.gambeson.adopt;

import dev.gambeson.review.Namespaces;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A plan for people: what each namespace can have, then the commands, in order. */
public final class PlanText {
  private static final Set<String> RESTARTABLE = Set.of("deployment", "statefulset", "daemonset");

  private final Plan plan;
  private final String directory;
  private final List<String> lines = new ArrayList<>();

  /** What each rule's fix may do, and what its command shows. */
  private final Map<String, String> meanings = new LinkedHashMap<>();

  private int steps;

  private PlanText(Plan plan, String directory) {
    this.plan = plan;
    this.directory = Shell.quoted(directory);
  }

  /**
   * Writes a plan.
   *
   * @param directory where the files of the plan are, or will be
   */
  public static String of(Plan plan, String directory) {
    var text = new PlanText(plan, directory);
    text.write();
    return String.join("\n", text.lines) + "\n";
  }

  private void write() {
    plan.problems().forEach(problem -> line("not judged: " + problem));
    if (!plan.problems().isEmpty()) {
      line("");
    }
    for (var namespace : plan.namespaces()) {
      describe(namespace);
      line("");
    }
    writeMeanings();
    if (plan.namespaces().isEmpty()) {
      line("No namespace has workloads: there is nothing to plan.");
    } else if (!plan.isLeft()) {
      line("Nothing is left to do: every namespace has what it can have.");
    } else {
      writeSteps();
    }
  }

  private void describe(NamespacePlan namespace) {
    var before = Objects.requireNonNullElse(namespace.now().profile(), "the default profile");
    int count = namespace.workloads().size();
    line(
        namespace.name()
            + ": "
            + namespace.profile()
            + (namespace.isDone() ? ", as now" : " (now: " + before + ")")
            + ", "
            + (count == 1 ? "1 workload" : count + " workloads"));
    line("  " + level(namespace));
    namespace
        .exemptions()
        .forEach((exemption, reasons) -> {
          line("  needs an exemption from " + String.join(", ", exemption.rules()) + ", for");
          reasons.forEach(reason -> line("    " + reason));
        });
    namespace.refused().forEach(reason -> line("  refused, whatever is exempted: " + reason));
    writeRisks(namespace);
    var next = namespace.next();
    if (next != null) {
      line("  " + next.profile() + " would refuse " + next.rules().size() + " of them:");
      next.rules()
          .forEach((workload, rules) ->
              line(
                  "    "
                      + workload
                      + ": "
                      + String.join(", ", rules)
                      + (next.toBeFixed().contains(workload)
                          ? " (no exemption lets it pass)"
                          : "")));
    }
  }

  private static String level(NamespacePlan namespace) {
    var name = name(namespace.level());
    return namespace.level() == PodSecurityLevel.PRIVILEGED
        ? "no Pod Security level holds beneath: a workload breaks \"baseline\" as it is written"
        : "Pod Security \"" + name + "\" holds beneath, while no replica of Gambeson answers";
  }

  private void writeRisks(NamespacePlan namespace) {
    var commands = new LinkedHashSet<String>();
    var trials = new LinkedHashMap<String, List<String>>();
    for (var fix : namespace.risks()) {
      meanings.put(fix.rule(), fix.risk() + (fix.meaning().isEmpty() ? "" : "; " + fix.meaning()));
      if (fix.command() != null) {
        commands.add("%-24s %s".formatted(fix.rule(), fix.command()));
      } else {
        trials
            .computeIfAbsent(
                fix.workload() + ", container " + fix.container(), key -> new ArrayList<>())
            .add(fix.rule());
      }
    }
    if (!namespace.risks().isEmpty()) {
      line("  fixes that may stop a container; the commands tell beforehand, as explained below:");
    }
    commands.forEach(command -> line("    " + command));
    trials.forEach((place, rules) ->
        line("    only a trial tells of " + place + ": " + String.join(", ", rules)));
  }

  private void writeMeanings() {
    if (!meanings.isEmpty()) {
      line("What the fixes may do, and what the commands show");
      meanings.forEach((rule, meaning) -> line("  %-24s %s".formatted(rule, meaning)));
      line("");
    }
  }

  private void writeSteps() {
    boolean configures =
        plan.namespaces().stream()
            .anyMatch(namespace ->
                !namespace.exemptions().isEmpty()
                    || (namespace.isByConfiguration() && !namespace.isDone()));
    line("Steps");
    if (configures) {
      step("Write the files of this plan: run the same command with --to " + directory + ".");
      step(
          "In "
              + directory
              + "/config.yaml, fill in reason and approvedBy of each exemption. Then:");
      command("gambeson config validate " + directory + "/config.yaml");
      step("Put the configuration in force:");
      command(
          "helm upgrade --install gambeson charts/gambeson -n gambeson-system --create-namespace"
              + " --reset-then-reuse-values --wait -f <(echo configuration:; sed 's/^/  /' "
              + directory
              + "/config.yaml)");
      back("helm rollback gambeson -n gambeson-system --wait");
    }
    for (var namespace : plan.namespaces()) {
      if (!namespace.isDone()) {
        writeSteps(namespace);
      }
    }
  }

  private void writeSteps(NamespacePlan namespace) {
    var name = Shell.quoted(namespace.name());
    var labels = PlanFiles.labels(namespace);
    if (!labels.isEmpty()) {
      step("Label " + namespace.name() + ". With --dry-run=server, this only shows warnings:");
      command("kubectl label namespace " + name + " --overwrite " + assignments(labels));
      back("kubectl label namespace " + name + " --overwrite " + restored(namespace, labels));
    }
    var restartable =
        namespace.workloads().stream()
            .filter(workload -> RESTARTABLE.contains(workload.substring(0, workload.indexOf('/'))))
            .map(Shell::quoted)
            .toList();
    if (!restartable.isEmpty() && !namespace.isByConfiguration()) {
      step("Recreate its pods, and see that they start:");
      command("kubectl rollout restart -n " + name + " " + String.join(" ", restartable));
      restartable.forEach(workload ->
          command("kubectl rollout status -n " + name + " " + workload + " --timeout=5m"));
      back("the labels as they were, then the same commands");
    }
  }

  private static String assignments(Map<String, String> labels) {
    return String.join(
        " ",
        labels.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
  }

  private static String restored(NamespacePlan namespace, Map<String, String> labels) {
    return String.join(
        " ",
        labels.keySet().stream()
            .map(label -> {
              var before =
                  label.equals(Namespaces.PROFILE)
                      ? namespace.now().profile()
                      : namespace.now().level() == PodSecurityLevel.PRIVILEGED
                          ? null
                          : name(namespace.now().level());
              return before == null ? label + "-" : label + "=" + before;
            })
            .toList());
  }

  static String name(PodSecurityLevel level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private void step(String text) {
    line("%2d. %s".formatted(++steps, text));
  }

  private void command(String text) {
    line("      " + text);
  }

  private void back(String text) {
    line("    back: " + text);
  }

  private void line(String text) {
    lines.add(Violation.clean(text));
  }
}
