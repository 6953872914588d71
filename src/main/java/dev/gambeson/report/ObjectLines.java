package dev.gambeson.report;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.report.ContainerGroups.Heading;
import dev.gambeson.report.TextReport.Detail;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.ReviewedFile;
import dev.gambeson.rule.Grounds;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is told of one object, in lines below the containers that they are about. */
final class ObjectLines {
  private final JudgedObject object;
  private final ReviewedFile.Document document;
  private final String file;
  private final Detail detail;
  private final ContainerGroups containers;
  private final Map<Heading, List<Line>> lines = new TreeMap<>();
  private final Set<String> rules = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();

  /** The kinds of lines, in the order in which they stand below a heading. */
  enum Label {
    ENFORCE,
    WARN,
    FIXED,
    EXEMPT,
    AUDIT
  }

  /**
   * A line.
   *
   * @param place the file and the line, and the remedy; empty where there is none
   */
  record Line(Label label, String text, String place) {}

  ObjectLines(JudgedObject object, ReviewedFile.Document document, String file, Detail detail) {
    this.object = object;
    this.document = document;
    this.file = file;
    this.detail = detail;
    containers = new ContainerGroups(object);
    object.review().findings().forEach(this::add);
    if (detail != Detail.QUIET) {
      notes.addAll(object.notes());
      notes.addAll(object.review().notes());
      object.review().fixed().forEach(fix -> add(fix, Label.FIXED, "", ""));
      addExempted();
    }
    if (detail == Detail.VERBOSE) {
      object.review().audited().forEach(fix -> add(fix, Label.AUDIT, "would set ", ""));
    }
    lines.values().forEach(below -> below.sort(Comparator.comparing(Line::label)));
  }

  /** Each heading with the lines below it, the worst first. */
  Map<Heading, List<Line>> groups() {
    var groups = new LinkedHashMap<Heading, List<Line>>();
    lines.entrySet().stream()
        .sorted(Comparator.comparing(group -> group.getValue().getFirst().label()))
        .forEach(group -> groups.put(group.getKey(), group.getValue()));
    return groups;
  }

  /** The rules that are named. */
  Set<String> rules() {
    return rules;
  }

  /** What else should be known. */
  List<String> notes() {
    return notes;
  }

  private void add(Finding finding) {
    switch (finding.mode()) {
      case ENFORCE -> add(finding, Label.ENFORCE);
      case WARN -> {
        if (detail != Detail.QUIET) {
          add(finding, Label.WARN);
        }
      }
      default -> {
        if (detail == Detail.VERBOSE) {
          add(finding, Label.AUDIT);
        }
      }
    }
  }

  private void add(Finding finding, Label label) {
    var violation = finding.violation();
    var heading = containers.heading(violation.path(), violation.container());
    var path = containers.below(violation.path());
    var text = new StringBuilder(found(violation, path));
    if (finding.enforceFrom() != null) {
      text.append(" (enforced from ").append(finding.enforceFrom()).append(')');
    }
    if (!finding.remark().isEmpty()) {
      text.append(" (").append(finding.remark()).append(')');
    }
    object
        .review()
        .filledInLaterBy(finding)
        .ifPresent(filler -> text.append(" (").append(filler).append(" may still fill it in)"));
    var place = document.place(file, object.path(violation));
    var remedy = ViolationText.remedy(violation, path, object.review().pod());
    add(
        heading,
        new Line(
            label,
            text.toString(),
            place + (place.isEmpty() || remedy.isEmpty() ? "" : ": ") + remedy),
        violation.rule());
  }

  private static String found(Violation violation, FieldPath path) {
    return "[" + violation.rule() + "] " + ViolationText.found(violation, path);
  }

  private void add(Heading heading, Line line, String rule) {
    lines.computeIfAbsent(heading, key -> new ArrayList<>()).add(line);
    rules.add(rule);
  }

  /** What a fix does to one container with one risk is one line. */
  private void add(FixResult fix, Label label, String verb, String addition) {
    record Key(Heading heading, Risk risk) {}
    var texts =
        new TreeMap<Key, ChangeText>(Comparator.comparing(Key::heading).thenComparing(Key::risk));
    for (var change : fix.changes()) {
      var path = object.inPod(change.path());
      var heading = containers.heading(path, null);
      texts
          .computeIfAbsent(
              new Key(heading, change.risk()), key -> new ChangeText(detail == Detail.VERBOSE))
          .add(change, containers.below(path));
    }
    texts.forEach((key, text) ->
        add(
            key.heading(),
            new Line(label, text.of(fix.rule(), verb, key.risk()) + addition, ""),
            fix.rule()));
    notes.addAll(fix.messages());
  }

  private void addExempted() {
    for (var exempted : object.review().exemptedFixes()) {
      add(exempted.fix(), Label.EXEMPT, "would set ", grounds(exempted.grounds()));
      notes.addAll(exempted.warningLines());
    }
    for (var exempted : object.review().exempted()) {
      var violation = exempted.violation();
      var heading = containers.heading(violation.path(), violation.container());
      var text = found(violation, containers.below(violation.path()));
      add(
          heading,
          new Line(Label.EXEMPT, text + grounds(exempted.grounds()), ""),
          violation.rule());
      notes.addAll(exempted.warningLines());
    }
  }

  private static String grounds(List<Grounds> grounds) {
    return " (" + String.join("; ", grounds.stream().map(Grounds::toString).toList()) + ")";
  }
}
