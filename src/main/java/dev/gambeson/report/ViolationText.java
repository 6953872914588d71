package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Violation;

/** What a violation is and how it is fixed, of any length: nothing in it is cut. */
final class ViolationText {
  private static final FieldPath VOLUMES = FieldPath.of("spec", "volumes");

  private ViolationText() {}

  /** All of it in one line, with the path of the document. */
  static String line(Violation violation, JudgedObject object) {
    var remedy = remedy(violation, violation.path(), object.review().pod());
    return Violation.clean(
        (violation.container() == null ? "" : "container \"" + violation.container() + "\": ")
            + found(violation, object.path(violation))
            + (remedy.isEmpty() ? "" : "; " + remedy));
  }

  /**
   * {@code securityContext.privileged: found true, wanted false}.
   *
   * @param path the field, as it is called where this is written
   */
  static String found(Violation violation, FieldPath path) {
    return path + ": found " + violation.found() + ", wanted " + violation.wanted();
  }

  /**
   * {@code set it to false}, where it is the field at fault, or what to remove; empty where only
   * the author can know.
   *
   * @param path the field, as it is called where this is written
   * @param pod the pod in which the violation was found
   */
  static String remedy(Violation violation, FieldPath path, JsonNode pod) {
    return switch (violation.remedy()) {
      case null -> "";
      case Removal.FIELD -> "remove it";
      case Removal.ELEMENT -> {
        var element = element(violation.path());
        int above = violation.path().depth() - element.depth();
        var shown = path.first(path.depth() - above);
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
