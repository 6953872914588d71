package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.RuleSettings;
import java.util.List;
import java.util.Optional;

/** The time zone in which the schedule of a CronJob is read. */
final class CronJobs {
  static final FieldPath TIME_ZONE = FieldPath.of("spec", "timeZone");

  private CronJobs() {}

  /** The schedule of a CronJob that a fix may give a time zone; empty for any other object. */
  static Optional<String> scheduleWithoutTimeZone(String kind, JsonNode object) {
    var spec = object.path("spec");
    return kind.equals("CronJob")
            && spec.isObject()
            && !spec.hasNonNull("timeZone")
            && !TemplateReviewer.isControlled(object)
        ? Optional.of(spec.path("schedule").asText())
        : Optional.empty();
  }

  /** That the rule gives it one. */
  static FixResult fixed(RuleSettings settings) {
    return new FixResult(settings.rule().name(), List.of(settings.change(TIME_ZONE)), List.of());
  }

  /** Whether the rule did so. */
  static boolean isFixed(List<FixResult> fixed, RuleSettings settings) {
    return fixed.contains(fixed(settings));
  }
}
