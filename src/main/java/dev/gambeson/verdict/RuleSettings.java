package dev.gambeson.verdict;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule as a profile uses it.
 *
 * @param fix always {@code OFF} for a rule without a fix
 * @param except the pods that the fix leaves alone; always {@code NONE} for a rule without a fix
 * @param check the mode of the rule's own options; it may raise a Pod Security control, never lower
 *     it
 * @param enforceFrom the day from which on (UTC) a {@code check} of {@code WARN} enforces
 */
public record RuleSettings(
    Rule rule, FixMode fix, ExceptedPods except, CheckMode check, @Nullable LocalDate enforceFrom) {

  /** Lets the rule's fix add to the patch; empty where it has nothing to do and nothing to say. */
  public Optional<FixResult> fix(PodPatch patch, Scope scope) {
    var changes = patch.changes();
    var warnings = patch.warnings();
    int changesBefore = changes.size();
    int warningsBefore = warnings.size();
    if (rule instanceof Rule.Fix fixing) {
      fixing.fix(patch, scope);
    }
    if (changes.size() == changesBefore && warnings.size() == warningsBefore) {
      return Optional.empty();
    }
    var made = new ArrayList<FixResult.Change>(changes.size() - changesBefore);
    for (int i = changesBefore; i < changes.size(); i++) {
      made.add(change(changes.get(i)));
    }
    return Optional.of(
        new FixResult(rule.name(), made, warnings.subList(warningsBefore, warnings.size())));
  }

  /** That the rule's fix changed the field. */
  public FixResult.Change change(PodPatch.Change change) {
    return new FixResult.Change(
        change.path(),
        rule instanceof Rule.Fix fixing ? fixing.riskOf(change.path()) : Risk.SAFE,
        change.before(),
        change.after());
  }

  /** Whether the rule's fix makes other rules milder. */
  public boolean relaxesOthers() {
    return rule instanceof Rule.RelaxesOthers;
  }

  /** Whether the rule's fix also reaches an image that changes on a live pod. */
  public boolean fixesNewImages() {
    return rule instanceof Rule.FixesNewImages;
  }

  /** The time zone for a CronJob that names none; empty where it is to stay so. */
  public Optional<String> timeZone(String schedule) {
    return rule instanceof Rule.FixesCronJob fixing ? fixing.timeZone(schedule) : Optional.empty();
  }

  /** The same settings with another mode of the fix. */
  public RuleSettings withFix(FixMode other) {
    return new RuleSettings(rule, other, except, check, enforceFrom);
  }

  /**
   * Settings with one injection of the rule's fix alone, for any pod, by the place of that
   * injection in the options.
   */
  public Map<FieldPath, RuleSettings> injections() {
    if (!(rule instanceof Rule.Injects injecting)) {
      return Map.of(FieldPath.ROOT, this);
    }
    var all = new LinkedHashMap<FieldPath, RuleSettings>();
    injecting
        .injections()
        .forEach((place, alone) ->
            all.put(place, new RuleSettings(alone, fix, except, check, enforceFrom)));
    return all;
  }

  /** The containers and volumes of the pod that the rule's fix has injected. */
  public List<FieldPath> injected(Pod pod, Scope scope) {
    return rule instanceof Rule.Injects injecting && fix != FixMode.OFF
        ? injecting.injected(pod, scope)
        : List.of();
  }

  /** What the rule's fix may mount from the node. */
  public List<HostPathMount> hostPaths() {
    return rule instanceof Rule.Injects injecting ? injecting.hostPaths() : List.of();
  }

  /** Everything that the rule's check finds, whatever its mode. */
  public List<Violation> check(Pod pod, Scope scope) {
    var violations = new Violations(rule);
    if (rule instanceof Rule.Check checking) {
      checking.check(pod, scope, violations);
    }
    return violations.all();
  }

  /** The levels of the Pod Security controls that the rule checks. */
  Set<PodSecurityLevel> controls() {
    return rule instanceof Rule.Check checking ? checking.controls() : Set.of();
  }

  /** Whether the rule reports violations of its own options. */
  public boolean checksOptions() {
    return rule instanceof Rule.Check checking && checking.checksOptions();
  }

  /** Whether the rule's check is about several replicas of a workload. */
  public boolean concernsReplicas() {
    return rule instanceof Rule.ComparesReplicas;
  }

  /** What is done at that moment with a violation of the rule's own options. */
  CheckMode checkAt(Instant now, Violation violation) {
    var mode = checkAt(now);
    return violation.level() == null
            && rule instanceof Rule.Check checking
            && checking.auditsOnly(violation)
        ? mode.min(CheckMode.AUDIT)
        : mode;
  }

  /** The mode of the rule's own options at that moment. */
  public CheckMode checkAt(Instant now) {
    return check == CheckMode.WARN
            && enforceFrom != null
            && !LocalDate.ofInstant(now, ZoneOffset.UTC).isBefore(enforceFrom)
        ? CheckMode.ENFORCE
        : check;
  }
}
