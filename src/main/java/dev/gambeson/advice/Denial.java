package dev.gambeson.advice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Excerpt;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.Help;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The message of a denial: every violation at once, then how to fix them. */
public final class Denial {
  private static final int MAX_LENGTH = 16 * 1024;

  /**
   * What a controller is told ends in an event, which holds 1,024 bytes: with {@code Error
   * creating: admission webhook "NAME" denied the request: } before it.
   */
  private static final int MAX_LENGTH_FOR_CONTROLLERS = 900;

  /** Of that, so much tells where to read on. */
  private static final int MAX_HELP = 4 * 1024;

  private static final int MAX_HELP_FOR_CONTROLLERS = 350;

  private static final String MORE_PAGES = "… and %d more";

  private static final String MORE = "… and %d more violations";

  private Denial() {}

  /**
   * Writes the message, the same for the same pod at each try.
   *
   * @param help where to read on
   * @param findings the violations for which the pod is denied; at least one
   * @param fixable those violations that a fix would have fixed, had it reached the pod
   * @param pod the pod in which they were found
   * @param toController whether nobody reads the answer itself
   */
  public static String message(
      String profile,
      Help help,
      List<Finding> findings,
      List<Violation> fixable,
      FixLocation fixLocation,
      JsonNode pod,
      boolean toController) {
    int room = toController ? MAX_LENGTH_FOR_CONTROLLERS : MAX_LENGTH;
    var fixed = Set.copyOf(fixable);
    var left =
        findings.stream()
            .map(Finding::violation)
            .filter(violation -> !fixed.contains(violation))
            .toList();
    var advices = fixLocation.advice(left, pod);

    var inFull =
        "Where a line above has …, see all with: gambeson review --profile " + profile + " FILE";
    var notes = new ArrayList<String>();
    notes.add("(profile \"" + profile + "\")");
    notes.addAll(pages(help, findings, toController));
    if (!fixable.isEmpty()) {
      notes.add(missedFix(fixable, left.isEmpty(), toController));
    }
    room -= length(notes) + length(advices.stream().map(Advice::shortest).toList());
    room -= length(List.of(inFull));
    var lines = violations(findings, fixLocation.found(), room);
    room -= length(lines);
    if (lines.stream().anyMatch(line -> line.contains("…"))) {
      notes.add(1, inFull);
    } else {
      room += length(List.of(inFull));
    }
    lines.addAll(notes);
    for (var advice : advices) {
      int shortest = Excerpt.bytes(advice.shortest());
      var remarks = advice.remarks();
      // An event has room for little: the YAML comes first.
      var text = advice.text(room + shortest - (toController ? 0 : length(remarks)));
      room -= Excerpt.bytes(text) - shortest;
      if (length(remarks) <= room) {
        room -= length(remarks);
        lines.addAll(remarks);
      }
      if (!text.isEmpty()) {
        lines.add(text);
      }
    }
    return String.join("\n", lines);
  }

  /** Where to read about the rules, and whom to ask. */
  private static List<String> pages(Help help, List<Finding> findings, boolean toController) {
    var rules = findings.stream().map(finding -> finding.violation().rule()).distinct().toList();
    var others = rules.subList(1, rules.size());
    var pages = new Excerpt(toController ? MAX_HELP_FOR_CONTROLLERS : MAX_HELP, "\n", MORE_PAGES);
    var links = help.pages(toController ? rules.subList(0, 1) : rules);
    boolean all = others.isEmpty() || toController || links.size() > 1;
    pages.keep(
        "About the rule: gambeson rules "
            + rules.getFirst()
            + (all ? "" : " (likewise " + Violation.list(others, ", ") + ")"));
    links.forEach(page -> pages.add(() -> page));
    var contact = help.contact();
    if (contact != null) {
      pages.add(() -> "Questions: " + Violation.clean(contact));
    }
    return pages.texts();
  }

  /** In bytes, with a line break behind each. */
  private static int length(List<String> lines) {
    return lines.stream().mapToInt(line -> Excerpt.bytes(line) + 1).sum();
  }

  /** Those that fit, at least one, and the count of the others. */
  private static List<String> violations(List<Finding> findings, FieldPath found, int room) {
    var lines = new Excerpt(room, "\n", MORE);
    lines.keep(findings.getFirst().message(found));
    findings.stream().skip(1).forEach(finding -> lines.add(() -> finding.message(found)));
    return lines.texts();
  }

  private static String missedFix(List<Violation> fixable, boolean all, boolean toController) {
    return "Gambeson's fix of "
        + fixable.stream().map(Violation::rule).distinct().collect(Collectors.joining(", "))
        + " did not reach this pod (it timed out, was skipped, or the container came later): "
        + (all
            ? "the manifest is fine, "
                + (toController ? "its controller tries again." : "create the pod again.")
            : "that part of the manifest is fine.");
  }
}
