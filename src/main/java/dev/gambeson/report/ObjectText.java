package dev.gambeson.report;

import static dev.gambeson.report.TextReport.counted;

import dev.gambeson.report.TextReport.Detail;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.ReviewedFile;
import dev.gambeson.review.Verdict;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;

/** Writes the text about one object: the verdict, then by container, then how to fix it. */
final class ObjectText {
  private static final int INDENT = 2;

  private final TextLayout layout;
  private final Detail detail;

  ObjectText(TextLayout layout, Detail detail) {
    this.layout = layout;
    this.detail = detail;
  }

  /** Writes it, and returns the rules that it names. */
  Set<String> write(String file, ReviewedFile.Document document, JudgedObject object) {
    writeVerdict(document.place(file, object.place()), object);
    var lines = new ObjectLines(object, document, file, detail);
    for (var note : lines.notes()) {
      layout.paragraph(INDENT, label("note"), "yellow", note);
    }
    lines
        .groups()
        .forEach((heading, below) -> {
          layout.paragraph(INDENT, "", "", heading.title());
          below.forEach(this::write);
        });
    if (detail == Detail.NORMAL) {
      countAudited(object);
    }
    advise(object);
    return lines.rules();
  }

  private void writeVerdict(String place, JudgedObject object) {
    int enforced = object.findings(CheckMode.ENFORCE).size();
    int warned = object.findings(CheckMode.WARN).size();
    var counts = new ArrayList<String>();
    if (enforced > 0) {
      counts.add(counted(enforced, "violation"));
    }
    if (warned > 0) {
      counts.add(counted(warned, "warning"));
    }
    layout.paragraph(
        0,
        INDENT,
        switch (object.verdict()) {
          case REFUSED -> "REFUSED ";
          case CHANGED -> "RUNS, CHANGED ";
          case UNCHANGED -> "RUNS ";
        },
        object.verdict() == Verdict.REFUSED ? "bold,red" : "bold,green",
        object.title()
            + " ("
            + (place.isEmpty() ? "" : place + ", ")
            + "profile "
            + object.review().choice().profile().name()
            + ")"
            + (counts.isEmpty() ? "" : ": " + String.join(", ", counts)));
  }

  private void write(ObjectLines.Line line) {
    var label = label(line.label().name().toLowerCase(Locale.ROOT));
    var style =
        switch (line.label()) {
          case ENFORCE -> "bold,red";
          case WARN -> "yellow";
          case FIXED -> "green";
          case EXEMPT, AUDIT -> "faint";
        };
    layout.paragraph(2 * INDENT, label, style, line.text());
    if (!line.place().isEmpty()) {
      layout.paragraph(2 * INDENT + label.length(), "", "", line.place());
    }
  }

  private static String label(String word) {
    return "%-8s".formatted(word);
  }

  private void countAudited(JudgedObject object) {
    var audited = new ArrayList<String>();
    int fixes = object.review().audited().size();
    if (fixes > 0) {
      audited.add(counted(fixes, "fix", "fixes"));
    }
    int findings = object.findings(CheckMode.AUDIT).size();
    if (findings > 0) {
      audited.add(counted(findings, "finding"));
    }
    if (!audited.isEmpty()) {
      layout.paragraph(
          INDENT, "Only audited: ", "faint", String.join(", ", audited) + " (see --verbose)");
    }
  }

  /** The YAML to paste, for what is refused; in the whole text for what is warned of as well. */
  private void advise(JudgedObject object) {
    var findings = new ArrayList<>(object.findings(CheckMode.ENFORCE));
    if (detail == Detail.VERBOSE) {
      findings.addAll(object.findings(CheckMode.WARN));
    }
    for (var advice : object.review().advice(findings)) {
      advice.remarks().forEach(remark -> layout.paragraph(INDENT, "", "", remark));
      var text = advice.text(Integer.MAX_VALUE).lines().toList();
      text.stream().limit(1).forEach(sentence -> layout.paragraph(INDENT, "", "", sentence));
      text.stream()
          .skip(1)
          .forEach(yaml -> layout.line(" ".repeat(INDENT) + Violation.clean(yaml)));
    }
    if (object.findings(CheckMode.ENFORCE).stream().anyMatch(ObjectText::isBounded)) {
      layout.paragraph(
          INDENT,
          "",
          "",
          "If the pod needs what is refused, only an exemption can help:"
              + " gambeson review --suggest-exemption prints the one to ask for.");
    }
  }

  /** Whether a pod may need what is found: the rules with bounds are about rights on the node. */
  private static boolean isBounded(Finding finding) {
    return Rules.named(finding.violation().rule()).stream()
        .anyMatch(Rule.Bounded.class::isInstance);
  }
}
