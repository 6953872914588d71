package dev.gambeson.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gambeson.config.ReviewCase;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.yaml.DocumentEdit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the review of a case found, beside what the case expects. */
final class CaseOutcome {
  private static final List<CheckMode> MODES =
      List.of(CheckMode.ENFORCE, CheckMode.WARN, CheckMode.AUDIT);

  private final List<JudgedObject> objects;
  private final List<String> differences = new ArrayList<>();
  private final List<DocumentEdit> edits = new ArrayList<>();

  /**
   * Something that was found.
   *
   * @param path the field, in its document
   * @param text the rest that there is to say
   */
  private record Found(String rule, String path, String text) {
    String withPath() {
      return rule + " " + path;
    }
  }

  CaseOutcome(ReviewCase expected, List<JudgedObject> objects) {
    this.objects = objects;
    compare("fixes", expected.fixes(), fixes());
    var violations = expected.violations();
    if (violations != null) {
      for (var mode : MODES) {
        compare("violations." + name(mode), entries(violations, mode), violations(mode));
      }
    }
    if (expected.expectsNothing()) {
      expectAll();
    }
  }

  /** What differs from what is expected, in lines. */
  List<String> differences() {
    return differences;
  }

  /** The changes of the case that make it expect what was found. */
  List<DocumentEdit> edits() {
    return edits;
  }

  private void compare(String key, @Nullable List<String> entries, List<Found> found) {
    if (entries == null) {
      return;
    }
    var lines = new ArrayList<String>();
    var meant = new HashSet<String>();
    found.forEach(each -> meant.addAll(List.of(each.rule(), each.withPath())));
    Set<String> updated = new LinkedHashSet<>();
    for (var entry : entries) {
      if (meant.contains(entry)) {
        updated.add(entry);
      } else {
        lines.add("    - " + entry);
      }
    }
    var expectedHere = Set.copyOf(entries);
    for (var each : found) {
      if (!expectedHere.contains(each.rule()) && !expectedHere.contains(each.withPath())) {
        updated.add(each.rule());
        lines.add("    + " + each.withPath() + each.text());
      }
    }
    if (!lines.isEmpty()) {
      differences.add("  " + key + ":");
      lines.forEach(line -> differences.add(Violation.clean(line)));
      var pointer = JsonPointer.compile("/" + key.replace('.', '/'));
      edits.add(new DocumentEdit(DocumentEdit.Kind.REPLACE, pointer, list(updated)));
    }
  }

  /** What a case expects that expects nothing yet. */
  private void expectAll() {
    differences.add("  expects neither fixes nor violations: --update writes what was found");
    add("/fixes", list(rules(fixes())));
    var violations = JsonNodeFactory.instance.objectNode();
    violations.set(name(CheckMode.ENFORCE), list(rules(violations(CheckMode.ENFORCE))));
    violations.set(name(CheckMode.WARN), list(rules(violations(CheckMode.WARN))));
    add("/violations", violations);
  }

  private void add(String pointer, JsonNode value) {
    edits.add(new DocumentEdit(DocumentEdit.Kind.ADD, JsonPointer.compile(pointer), value));
  }

  private List<Found> fixes() {
    var found = new ArrayList<Found>();
    for (var object : objects) {
      for (var fix : object.review().fixed()) {
        for (var path : fix.paths()) {
          found.add(new Found(fix.rule(), path.under(object.place()).toString(), ""));
        }
      }
    }
    return found;
  }

  private List<Found> violations(CheckMode mode) {
    var found = new ArrayList<Found>();
    for (var object : objects) {
      for (var finding : object.findings(mode)) {
        var violation = finding.violation();
        found.add(
            new Found(
                violation.rule(),
                object.path(violation).toString(),
                ": found " + violation.found() + ", wanted " + violation.wanted()));
      }
    }
    return found;
  }

  private static @Nullable List<String> entries(
      ReviewCase.ExpectedViolations violations, CheckMode mode) {
    return switch (mode) {
      case ENFORCE -> violations.enforce();
      case WARN -> violations.warn();
      case AUDIT -> violations.audit();
      case OFF -> null;
    };
  }

  private static Set<String> rules(List<Found> found) {
    return found.stream().map(Found::rule).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static JsonNode list(Set<String> entries) {
    var list = JsonNodeFactory.instance.arrayNode();
    entries.forEach(list::add);
    return list;
  }

  private static String name(CheckMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
