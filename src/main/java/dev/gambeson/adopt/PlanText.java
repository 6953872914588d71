package dev.gambeson.adopt;

import dev.gambeson.adopt.Workplace.Presence;
import dev.gambeson.report.TextLayout;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A plan for people: what each namespace can have, then the commands, in order. */
public final class PlanText {
  private final Plan plan;
  private final Workplace place;
  private final TextLayout text;

  /** What each rule's fix may do, and what its command shows. */
  private final Map<String, String> meanings = new LinkedHashMap<>();

  private PlanText(Plan plan, Workplace place, int columns) {
    this.plan = plan;
    this.place = place;
    this.text = new TextLayout(columns, Ansi.OFF);
  }

  /**
   * Writes a plan.
   *
   * @param columns how long a line of it may be; commands are never broken
   */
  public static String of(Plan plan, Workplace place, int columns) {
    var written = new PlanText(plan, place, columns);
    written.write();
    return written.text.toString();
  }

  private void write() {
    plan.remarks().forEach(remark -> text.paragraph(0, 2, "", "", remark));
    plan.problems().forEach(problem -> text.paragraph(0, 2, "incomplete: ", "", problem));
    if (!plan.remarks().isEmpty() || !plan.problems().isEmpty()) {
      text.blank();
    }
    for (var namespace : plan.namespaces()) {
      describe(namespace);
      text.blank();
    }
    writeMeanings();
    if (plan.namespaces().isEmpty()) {
      text.line("No namespace has workloads: there is nothing to plan.");
    } else if (PlanSteps.areLeft(plan, place)) {
      PlanSteps.write(plan, place, text);
    } else {
      text.line("Nothing is left to do: every namespace has what it can have.");
    }
  }

  private void describe(NamespacePlan namespace) {
    int count = namespace.workloads().size();
    item(
        0,
        "%s: %s, %s"
            .formatted(
                namespace.name(),
                profile(namespace, place),
                count == 1 ? "1 workload" : count + " workloads"));
    item(2, level(namespace));
    namespace
        .exemptions()
        .forEach((exemption, reasons) -> {
          item(2, "needs an exemption from " + String.join(", ", exemption.rules()) + ":");
          reasons.forEach(reason -> item(4, reason));
        });
    namespace.refused().forEach(reason -> item(2, "refused, and no exemption helps: " + reason));
    writeRisks(namespace);
    var next = namespace.next();
    if (next != null) {
      item(2, next.profile() + " would refuse " + next.rules().size() + " of them:");
      next.rules()
          .forEach((workload, rules) ->
              item(
                  4,
                  workload
                      + ": "
                      + String.join(", ", rules)
                      + (next.toBeFixed().contains(workload)
                          ? " (no exemption lets it pass)"
                          : "")));
    }
  }

  /** {@code strict (now: the default profile)}. */
  static String profile(NamespacePlan namespace, Workplace place) {
    var now = place.presence() == Presence.ABSENT ? "none" : now(namespace.now());
    return namespace.profile() + (namespace.isDone() ? ", as now" : " (now: " + now + ")");
  }

  private static String now(NamespacePlan.Now now) {
    if (now.isPinned()) {
      return now.profile() + ", by the configuration";
    }
    var label = now.label();
    return label == null
        ? "the default profile"
        : label.equals(now.profile())
            ? label
            : "%s, for no namespace can choose \"%s\"".formatted(now.profile(), label);
  }

  private static String level(NamespacePlan namespace) {
    return namespace.level() == PodSecurityLevel.PRIVILEGED
        ? "no Pod Security label: as it is written, a workload breaks \"baseline\""
        : "Pod Security label \"%s\", which holds also while no replica of Gambeson answers"
            .formatted(NamespacePlan.nameOf(namespace.level()));
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
    if (!commands.isEmpty()) {
      item(2, "fixes that may stop a container, and the command that tells beforehand:");
      commands.forEach(command -> text.line("    " + Violation.clean(command)));
    }
    if (!trials.isEmpty()) {
      item(2, "fixes that may stop a container, of which only a trial tells:");
      trials.forEach((where, rules) -> item(4, where + ": " + String.join(", ", rules)));
    }
  }

  private void writeMeanings() {
    if (!meanings.isEmpty()) {
      text.line("What the fixes may do, and what the commands show");
      meanings.forEach((rule, meaning) -> text.paragraph(2, "%-24s ".formatted(rule), "", meaning));
      text.blank();
    }
  }

  private void item(int indent, String words) {
    text.paragraph(indent, indent + 2, "", "", words);
  }
}
