package dev.gambeson.explain;

import dev.gambeson.report.RuleDescription;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** An explanation for people. */
public final class ExplanationText {
  private static final int LONGEST_VALUE = 120;

  private final List<String> lines = new ArrayList<>();

  private ExplanationText() {}

  /** The text; ends with a line feed. */
  public static String of(Explanation explanation) {
    var text = new ExplanationText();
    text.write(explanation);
    return String.join("\n", text.lines) + "\n";
  }

  private void write(Explanation explanation) {
    lines.add(
        "Pod %s/%s: %s"
            .formatted(explanation.namespace(), explanation.name(), explanation.state()));
    lines.add(
        "  profile %s; compared with %s".formatted(explanation.profile(), explanation.origin()));
    for (var diagnosis : explanation.diagnoses()) {
      lines.add("");
      write(diagnosis, explanation.place());
    }
    lines.add("");
    writeFilled(explanation);
    explanation.notes().forEach(note -> lines.add("  note    " + Violation.clean(note)));
  }

  private void write(Diagnosis diagnosis, String place) {
    lines.add(
        (diagnosis.rule() == null
                ? "[not Gambeson] "
                : "[%s] %s: ".formatted(diagnosis.rule(), diagnosis.certainty()))
            + diagnosis.what());
    diagnosis.evidence().forEach(quote -> lines.add("  seen    " + quote));
    lines.add(
        "  why     "
            + diagnosis.why()
            + (diagnosis.field() == null ? "" : " (" + diagnosis.field() + ")"));
    diagnosis.remedies().forEach(remedy -> write(remedy, place));
  }

  private void write(Diagnosis.Remedy remedy, String place) {
    lines.add("  help    " + remedy.what() + ".");
    if (!remedy.yaml().isEmpty()) {
      lines.add("          " + place + " Set:");
      indented(remedy.yaml());
    }
    if (!remedy.exemptions().isEmpty()) {
      lines.add(
          remedy.yaml().isEmpty()
              ? "          An administrator adds to exemptions of the configuration:"
              : "          The profile refuses that, unless an administrator adds to exemptions:");
      remedy.exemptions().forEach(this::indented);
    }
  }

  private void indented(String yaml) {
    yaml.lines().forEach(line -> lines.add("            " + line));
  }

  private void writeFilled(Explanation explanation) {
    if (explanation.filled().isEmpty()) {
      lines.add(
          explanation.applied().isEmpty()
              ? "Gambeson filled in nothing: the pod lacks the annotation that it writes, and has"
                  + " nothing that a fix of the profile would write."
              : "What Gambeson filled in is not known.");
      return;
    }
    lines.add("Filled in:");
    var byRule = new LinkedHashMap<String, List<FilledField>>();
    explanation
        .filled()
        .forEach(
            field -> byRule.computeIfAbsent(field.rule(), rule -> new ArrayList<>()).add(field));
    byRule.forEach((rule, fields) -> {
      lines.add("  [%s] %s".formatted(rule, summary(rule)));
      fields.stream()
          .map(field ->
              "    %s: %s%s"
                  .formatted(
                      field.path(),
                      value(field),
                      field.certainty() == Certainty.CERTAIN
                          ? ""
                          : " (%s)".formatted(field.certainty())))
          .forEach(lines::add);
    });
  }

  private static String value(FilledField field) {
    return Violation.clean(Violation.shorten(field.value().toString(), LONGEST_VALUE));
  }

  /** Why the rule is there. */
  static String summary(String rule) {
    return Rules.named(rule).map(RuleDescription::summaryOf).orElse("");
  }
}
