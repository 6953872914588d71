package dev.gambeson.adopt;

import dev.gambeson.report.Page;
import dev.gambeson.rule.PodSecurityLevel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan as one page of HTML that needs nothing but itself. */
public final class PlanHtml {
  private static final int COLUMNS = 100;

  private PlanHtml() {}

  /**
   * Writes a plan.
   *
   * @param made when
   */
  public static String of(Plan plan, Workplace place, Instant made) {
    var style = Page.resource("base.css") + Page.resource("report.css");
    return Page.fill(
        Page.resource("plan.html"),
        Map.of(
            "style",
            style,
            "style-hash",
            Page.hash(style),
            "made",
            Page.minute(made),
            "problems",
            problems(plan),
            "totals",
            totals(plan),
            "rows",
            plan.namespaces().stream()
                .map(namespace -> row(namespace, place))
                .collect(Collectors.joining()),
            "text",
            Page.escaped(PlanText.of(plan, place, COLUMNS))));
  }

  private static String problems(Plan plan) {
    return plan.problems().isEmpty()
        ? ""
        : plan.problems().stream()
            .map(problem -> "<li>" + Page.escaped(problem) + "</li>")
            .collect(
                Collectors.joining(
                    "", "<p><strong>This plan is incomplete.</strong></p><ul>", "</ul>"));
  }

  /** How many namespaces get each profile. */
  private static String totals(Plan plan) {
    var counts = new TreeMap<String, Integer>();
    plan.namespaces().forEach(namespace -> counts.merge(namespace.profile(), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(count ->
            "<li><strong>%d</strong> %s</li>"
                .formatted(count.getValue(), Page.escaped(count.getKey())))
        .collect(Collectors.joining());
  }

  private static String row(NamespacePlan namespace, Workplace place) {
    var next = namespace.next();
    var cells =
        List.of(
            PlanText.profile(namespace, place),
            namespace.level() == PodSecurityLevel.PRIVILEGED
                ? "none"
                : NamespacePlan.nameOf(namespace.level()),
            "" + namespace.workloads().size(),
            namespace.exemptions().keySet().stream()
                .map(exemption -> String.join(", ", exemption.rules()))
                .collect(Collectors.joining("; ")),
            "" + namespace.risks().size(),
            next == null
                ? ""
                : next.profile()
                    + ": "
                    + next.rules().entrySet().stream()
                        .map(
                            each -> each.getKey() + " (" + String.join(", ", each.getValue()) + ")")
                        .collect(Collectors.joining("; ")));
    return "<tr><th scope=\"row\">"
        + Page.escaped(namespace.name())
        + "</th>"
        + cells.stream()
            .map(cell -> "<td>" + Page.escaped(cell) + "</td>")
            .collect(Collectors.joining())
        + "</tr>";
  }
}
