package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The message of a denial: every violation at once, then the YAML that mends them. */
final class Denial {
  private static final int MAX_LENGTH = 16_000;

  private Denial() {}

  /**
   * Writes the message.
   *
   * @param findings the violations for which the pod is denied; at least one
   * @param healable those violations that a fix would have mended, had it reached the pod
   * @param object a pod, or a workload
   * @param template where in it the pod is
   */
  static String message(
      String profile,
      List<Finding> findings,
      List<Violation> healable,
      JsonNode object,
      FieldPath template) {
    var lines = new ArrayList<String>();
    int length = 0;
    int cut = 0;
    for (var finding : findings) {
      var line = finding.message(template);
      if (length + line.length() > MAX_LENGTH) {
        cut++;
      } else {
        lines.add(line);
        length += line.length() + 1;
      }
    }
    if (cut > 0) {
      lines.add("… and " + cut + " more violations");
    }
    lines.add("(profile \"" + profile + "\")");
    var left =
        findings.stream()
            .map(Finding::violation)
            .filter(violation -> !healable.contains(violation))
            .toList();
    if (!healable.isEmpty()) {
      lines.add(
          "Gambeson's fix of "
              + healable.stream().map(Violation::rule).distinct().collect(Collectors.joining(", "))
              + " did not reach this pod (it timed out, was skipped, or the container came later): "
              + (left.isEmpty()
                  ? "the manifest is fine, create the pod again."
                  : "that part of the manifest is fine."));
    }
    var remedy = Remedy.yaml(left, object, template);
    if (!remedy.isEmpty() && remedy.length() <= MAX_LENGTH) {
      lines.add("To mend it, set:");
      lines.add(remedy.stripTrailing());
    }
    return String.join("\n", lines);
  }
}
