package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Violation;

/** How a violation is fixed, in one line. */
final class RemedyText {
  private static final FieldPath VOLUMES = FieldPath.of("spec", "volumes");

  private RemedyText() {}

  /**
   * {@code set it to false}, where it is the field at fault, or what to remove; empty where only
   * the author can know.
   *
   * @param path the field, as it is called where this is written
   * @param pod the pod in which the violation was found
   */
  static String of(Violation violation, FieldPath path, JsonNode pod) {
    return switch (violation.remedy()) {
      case null -> "";
      case Removal.FIELD -> "remove it";
      case Removal.ELEMENT -> {
        var element = element(violation.path());
        int above = violation.path().segments().size() - element.segments().size();
        var shown = new FieldPath(path.segments().subList(0, path.segments().size() - above));
        var removed = pod.at(element.pointer());
        var name = removed.path("name");
        yield "remove "
            + shown
            + (name.isTextual()
                ? " (" + name.textValue() + ")"
                : removed.isMissingNode() ? "" : " " + FlowValue.of(removed))
            + (element.parent().equals(VOLUMES) ? " and its mounts" : "");
      }
      case Object value -> "set it to " + FlowValue.of(value);
    };
  }

  private static FieldPath element(FieldPath path) {
    var element = path;
    while (!(element.last() instanceof Integer)) {
      element = element.parent();
    }
    return element;
  }
}
