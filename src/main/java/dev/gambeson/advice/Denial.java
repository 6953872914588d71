package dev.gambeson.advice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Excerpt;
import dev.gambeson.verdict.Finding;
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

  private static final String MORE = "… and %d more violations";

  private Denial() {}

  /**
   * Writes the message, the same for the same pod at each try.
   *
   * @param findings the violations for which the pod is denied; at least one
   * @param fixable those violations that a fix would have fixed, had it reached the pod
   * @param pod the pod in which they were found
   * @param toController whether nobody reads the answer itself
   */
  public static String message(
      String profile,
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

    var notes = new ArrayList<String>();
    notes.add("(profile \"" + profile + "\")");
    if (!fixable.isEmpty()) {
      notes.add(missedFix(fixable, left.isEmpty(), toController));
    }
    room -= length(notes) + length(advices.stream().map(Advice::shortest).toList());
    var lines = violations(findings, fixLocation.found(), room);
    room -= length(lines);
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
