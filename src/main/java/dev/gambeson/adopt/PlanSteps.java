package dev.gambeson.adopt;

import dev.gambeson.adopt.Workplace.Presence;
import dev.gambeson.report.TextLayout;
import dev.gambeson.review.Namespaces;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The commands that carry a plan out, in order, each with its way back. */
final class PlanSteps {
  private static final String IMAGE = "registry.example.com/gambeson";

  private final Plan plan;
  private final Workplace place;
  private final String file;
  private final String release;
  private final TextLayout text;
  private int count;

  private PlanSteps(Plan plan, Workplace place, TextLayout text) {
    this.plan = plan;
    this.place = place;
    this.text = text;
    file = Shell.quoted(place.directory() + "/config.yaml");
    release = Shell.quoted(place.release()) + " -n " + Shell.quoted(place.namespace());
  }

  /** Whether there is any. */
  static boolean areLeft(Plan plan, Workplace place) {
    return plan.isLeft() || !plan.enforces() || place.presence() == Presence.ABSENT;
  }

  static void write(Plan plan, Workplace place, TextLayout text) {
    new PlanSteps(plan, place, text).write();
  }

  private void write() {
    text.line("Steps");
    text.paragraph(
        0,
        "",
        "",
        "The commands are for bash. To go back, run what stands behind \"back\", the last step first.");
    boolean isAbsent = place.presence() == Presence.ABSENT;
    if (plan.namespaces().stream().anyMatch(NamespacePlan::isConfigured)
        || (isAbsent && place.hasConfiguration())) {
      writeConfiguration();
    } else if (isAbsent) {
      step("In a checkout of Gambeson, install it. Name your image in place of " + IMAGE + ":");
      install("");
    }
    for (var namespace : plan.namespaces()) {
      writeLabels(namespace);
    }
    if (!plan.enforces()) {
      step(
          "The configuration says \"enforcement: warn\": nothing is refused anywhere. When the warnings are as expected, enforce:");
      command(upgrade("upgrade") + " --set configuration.enforcement=enforce");
      back(rollback());
    }
  }

  private void writeConfiguration() {
    boolean exempts =
        plan.namespaces().stream().anyMatch(namespace -> !namespace.exemptions().isEmpty());
    var writing = place.writing();
    if (writing != null) {
      step("Write the files of this plan:");
      command(writing);
    }
    step(
        exempts
            ? "In %s, fill in \"reason\" and \"approvedBy\" of each exemption: the comment FILL IN marks both. Then check it:"
                .formatted(file)
            : "Check the configuration:");
    command("gambeson config validate " + file);
    var values = " -f <(echo configuration:; sed '/^---/d; s/^/  /' " + file + ")";
    switch (place.presence()) {
      case ABSENT -> {
        step(
            "In a checkout of Gambeson, install it with this configuration. Name your image in place of "
                + IMAGE
                + ":");
        install(values);
      }
      case INSTALLED -> {
        step("In a checkout of Gambeson, put the configuration in force:");
        command(upgrade("upgrade") + values);
        back(rollback() + "; later, with the revision before it: helm history " + release);
      }
      case UNKNOWN -> {
        step("In a checkout of Gambeson, put the configuration in force:");
        command(upgrade("upgrade --install") + " --create-namespace" + values);
        back(rollback() + "; where this installed it: helm uninstall " + release);
      }
    }
  }

  private void install(String values) {
    command(
        "helm install "
            + release
            + " --create-namespace charts/gambeson --wait --set image.repository="
            + IMAGE
            + values);
    back("helm uninstall " + release);
  }

  private String upgrade(String verb) {
    return "helm " + verb + " " + release + " charts/gambeson --reset-then-reuse-values --wait";
  }

  private String rollback() {
    return "helm rollback " + release + " --wait";
  }

  private void writeLabels(NamespacePlan namespace) {
    var name = Shell.quoted(namespace.name());
    var labels = namespace.labels();
    if (!labels.isEmpty()) {
      step("Label the namespace " + namespace.name() + ":");
      command("kubectl label namespace " + name + " --overwrite " + assignments(labels));
      back("kubectl label namespace " + name + " --overwrite " + restored(namespace, labels));
    }
    boolean changes = namespace.isToBePinned() || labels.containsKey(Namespaces.PROFILE);
    if (changes && !namespace.profile().equals(Configuration.OBSERVE)) {
      writeRestarts(namespace, name);
    }
  }

  private void writeRestarts(NamespacePlan namespace, String name) {
    var restarts = namespace.restarts().stream().map(Shell::quoted).toList();
    var byHand = namespace.recreatedByHand();
    if (!restarts.isEmpty()) {
      step("Recreate the pods in " + namespace.name() + ", and see that they start:");
      command("kubectl rollout restart -n " + name + " " + String.join(" ", restarts));
      restarts.forEach(workload ->
          command("kubectl rollout status -n " + name + " " + workload + " --timeout=5m"));
      back("undo the step before, then repeat these commands");
    }
    if (!byHand.isEmpty()) {
      step(
          "When they may stop, recreate the pods of these by hand; until then they run on as they are: "
              + String.join(", ", byHand));
    }
  }

  private static String assignments(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(each -> each.getKey() + "=" + Shell.quoted(each.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String restored(NamespacePlan namespace, Map<String, String> labels) {
    return labels.keySet().stream()
        .map(label -> {
          var before = before(namespace.now(), label);
          return before.isEmpty() ? label + "-" : label + "=" + Shell.quoted(before.getFirst());
        })
        .collect(Collectors.joining(" "));
  }

  private static List<String> before(NamespacePlan.Now now, String label) {
    if (label.equals(Namespaces.PROFILE)) {
      return now.label() == null ? List.of() : List.of(now.label());
    }
    return now.level() == PodSecurityLevel.PRIVILEGED
        ? List.of()
        : List.of(NamespacePlan.nameOf(now.level()));
  }

  private void step(String words) {
    text.paragraph(0, "%2d. ".formatted(++count), "", words);
  }

  private void command(String words) {
    text.line("      " + Violation.clean(words));
  }

  private void back(String words) {
    text.line("    back: " + Violation.clean(words));
  }
}
