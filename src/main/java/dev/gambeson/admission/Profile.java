package dev.gambeson.admission;

import dev.gambeson.pod.PodPatch;
import dev.gambeson.rules.PodSecurityLevel;
import dev.gambeson.rules.Scope;
import dev.gambeson.rules.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is done to the pods of a namespace.
 *
 * @param skippable the rules whose fix the author of a pod may skip
 * @param rules every rule of the catalogue, in its order
 */
public record Profile(
    String name, PodSecurity podSecurity, Set<String> skippable, List<RuleSettings<?>> rules) {
  public Profile {
    skippable = Set.copyOf(skippable);
    rules = List.copyOf(rules);
  }

  /** What the rules may know about a pod of that namespace. */
  public Scope scope(String namespace, PodSecurityLevel namespaceLevel) {
    var own = podSecurity.enforce();
    return new Scope(
        namespace,
        namespaceLevel.compareTo(own) >= 0 ? namespaceLevel : own,
        podSecurity.version());
  }

  /**
   * Lets every fix of that mode add to the patch, in the order of the catalogue.
   *
   * @param skipped the rules to leave out
   * @return what each rule did that had something to do or to say
   */
  public List<Fixed> fix(FixMode mode, PodPatch patch, Scope scope, Set<String> skipped) {
    var all = new ArrayList<Fixed>();
    for (var settings : rules) {
      if (settings.fix() == mode && !skipped.contains(settings.rule().name())) {
        var fixed = settings.fix(patch, scope);
        if (fixed.changedAnything() || !fixed.warnings().isEmpty()) {
          all.add(fixed);
        }
      }
    }
    return all;
  }

  /** Everything in the pod that breaks a rule, with what this profile makes of it on that day. */
  public List<Finding> check(Pod pod, Scope scope, LocalDate day) {
    var findings = new ArrayList<Finding>();
    for (var settings : rules) {
      for (var violation : settings.check(pod, scope)) {
        var mode = mode(settings, violation, day);
        if (mode != CheckMode.OFF) {
          boolean later = mode == CheckMode.WARN && settings.check() == CheckMode.WARN;
          findings.add(new Finding(violation, mode, later ? settings.enforceFrom() : null));
        }
      }
    }
    return findings;
  }

  private CheckMode mode(RuleSettings<?> settings, Violation violation, LocalDate day) {
    var own = settings.checkOn(day);
    var level = violation.level();
    return level == null ? own : own.max(podSecurity.mode(level));
  }
}
