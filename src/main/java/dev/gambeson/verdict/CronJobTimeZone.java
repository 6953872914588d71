package dev.gambeson.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PatchOperation;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.Scope;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The time zone for a CronJob that names none.
 *
 * @param settings the rule that gives it
 * @param zone its name in the IANA database
 * @param effect what becomes of it
 */
public record CronJobTimeZone(RuleSettings settings, String zone, Effect effect) {
  private static final FieldPath PATH = FieldPath.of("spec", "timeZone");

  /** What becomes of it. What keeps the fix from the pods keeps it from their CronJob. */
  public enum Effect {
    APPLIED,
    WOULD_APPLY,
    EXCEPTED,
    EXEMPTED;

    /** As the audit annotations spell it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The schedule of a CronJob that names no time zone; empty for any other object. */
  public static Optional<String> missingIn(String kind, JsonNode object) {
    var spec = object.path("spec");
    return kind.equals("CronJob") && spec.isObject() && !spec.hasNonNull("timeZone")
        ? Optional.of(spec.path("schedule").asText())
        : Optional.empty();
  }

  /**
   * The time zone that a profile has for a CronJob without one.
   *
   * @param schedule the CronJob's
   * @param pod what its pods are, once they are fixed
   * @param skipped the rules that they skip
   * @return empty where no rule has one, or its fix is off, skipped, or only audited and kept away
   */
  public static Optional<CronJobTimeZone> of(
      Profile profile, String schedule, Pod pod, Scope scope, Set<String> skipped) {
    return profile.rules().stream()
        .filter(
            settings -> settings.fix() != FixMode.OFF && !skipped.contains(settings.rule().name()))
        .flatMap(settings ->
            settings.timeZone(schedule).stream()
                .map(zone -> new CronJobTimeZone(settings, zone, effect(settings, pod, scope))))
        .filter(found -> found.settings.fix() == FixMode.APPLY || found.is(Effect.WOULD_APPLY))
        .findFirst();
  }

  private static Effect effect(RuleSettings settings, Pod pod, Scope scope) {
    if (settings.except().include(pod)) {
      return Effect.EXCEPTED;
    }
    if (scope.exemptions().exemptsFix(settings.rule(), pod)) {
      return Effect.EXEMPTED;
    }
    return settings.fix() == FixMode.APPLY ? Effect.APPLIED : Effect.WOULD_APPLY;
  }

  /** The name of the rule. */
  public String rule() {
    return settings.rule().name();
  }

  public boolean is(Effect other) {
    return effect == other;
  }

  /** What writes it into the CronJob. */
  public PatchOperation operation() {
    return new PatchOperation(PatchOperation.Op.ADD, PATH, zone);
  }

  /** That the rule's fix wrote it, or would. */
  public FixResult fixResult() {
    return new FixResult(
        rule(), List.of(settings.change(new PodPatch.Change(PATH, null, zone))), List.of());
  }
}
