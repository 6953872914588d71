package dev.gambeson.report;

import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.ReviewedFile;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** What a person reads: each object, what is fixed, what is broken and how to fix it. */
public final class TextReport implements ReviewReport {
  private static final Map<CheckMode, String> STYLES =
      Map.of(
          CheckMode.ENFORCE, "bold,red",
          CheckMode.WARN, "yellow",
          CheckMode.AUDIT, "faint");

  @Override
  public String write(List<ReviewedFile> files, Ansi ansi) {
    var lines = new ArrayList<String>();
    for (var file : files) {
      for (var item : file.objects()) {
        lines.add(
            ansi.string("@|bold " + Violation.clean(file.name()) + "|@: ")
                + item.title()
                + ", profile "
                + item.review().choice().profile().name());
        lines.addAll(details(item, ansi));
        lines.add("");
      }
    }
    lines.add(summary(files));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> details(JudgedObject item, Ansi ansi) {
    var lines = new ArrayList<String>();
    var review = item.review();
    for (var note : item.notes()) {
      lines.add(line("note", "yellow", note, ansi));
    }
    for (var note : review.notes()) {
      lines.add(line("note", "yellow", note, ansi));
    }
    for (var fix : review.fixed()) {
      changes(fix, "", item).forEach(done -> lines.add(line("fixed", "green", done, ansi)));
      for (var warning : fix.warnings()) {
        lines.add(line("note", "yellow", "[" + fix.rule() + "] " + warning, ansi));
      }
    }
    for (var fix : review.audited()) {
      changes(fix, "would set ", item)
          .forEach(would -> lines.add(line("audit", "faint", would, ansi)));
    }
    for (var finding : review.findings()) {
      lines.add(
          line(
              finding.mode().name().toLowerCase(Locale.ROOT),
              STYLES.getOrDefault(finding.mode(), ""),
              finding.message(item.pod())
                  + review
                      .filledInLaterBy(finding)
                      .map(filler -> " (" + filler + " may still fill it in)")
                      .orElse(""),
              ansi));
    }
    for (var exempted : review.exemptedFixes()) {
      lines.add(line("exempt", "faint", exempted.message(item.place()), ansi));
      exempted.warningLines().forEach(warning -> lines.add(line("note", "yellow", warning, ansi)));
    }
    for (var exempted : review.exempted()) {
      lines.add(line("exempt", "faint", exempted.message(item.pod()), ansi));
      exempted.warningLines().forEach(warning -> lines.add(line("note", "yellow", warning, ansi)));
    }
    if (lines.isEmpty()) {
      lines.add(line("fine", "green", "nothing to fix, nothing broken", ansi));
    }
    var fix = new ArrayList<>(item.findings(CheckMode.ENFORCE));
    fix.addAll(item.findings(CheckMode.WARN));
    review.advice(fix).forEach(text -> lines.add("  " + Violation.clean(text)));
    return lines;
  }

  /** A line for all the changes of one risk, the mildest first. */
  private static List<String> changes(FixResult fix, String verb, JudgedObject item) {
    var byRisk =
        fix.changes().stream()
            .collect(
                Collectors.groupingBy(
                    FixResult.Change::risk,
                    TreeMap::new,
                    Collectors.mapping(
                        change -> change.path().under(item.place()).toString(),
                        Collectors.joining(", "))));
    return byRisk.entrySet().stream()
        .map(entry -> "[" + fix.rule() + "] " + verb + entry.getValue() + said(entry.getKey()))
        .toList();
  }

  /** Empty where no workload notices the fix. */
  private static String said(Risk risk) {
    return risk == Risk.SAFE ? "" : " (risk: " + risk + ")";
  }

  private static String line(String label, String style, String text, Ansi ansi) {
    return "  "
        + ansi.string("@|" + style + " " + "%-8s".formatted(label) + "|@")
        + Violation.clean(text);
  }

  private static String summary(List<ReviewedFile> files) {
    var reviews =
        files.stream().flatMap(file -> file.objects().stream()).map(JudgedObject::review).toList();
    long fixed = reviews.stream().filter(review -> review.changed()).count();
    long refused = reviews.stream().filter(review -> !review.allowed()).count();
    return "%d %s with a pod: %d fixed, %d refused"
        .formatted(reviews.size(), reviews.size() == 1 ? "object" : "objects", fixed, refused);
  }
}
