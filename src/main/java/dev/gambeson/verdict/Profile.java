package dev.gambeson.verdict;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Exemptions;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done to the pods of a namespace.
 *
 * @param skippable the rules whose fix the author of a pod may skip
 * @param workloads the strictest that is done with a workload for what its pods would break
 * @param rules every rule of the catalogue, in its order
 */
public record Profile(
    String name,
    PodSecurity podSecurity,
    CheckMode workloads,
    Set<String> skippable,
    List<RuleSettings> rules) {
  /** Where a pod says which system it is for. */
  public static final FieldPath OS = FieldPath.of("spec", "os", "name");

  public Profile {
    skippable = Set.copyOf(skippable);
    rules = List.copyOf(rules);
  }

  /** What the rules may know about a pod of that namespace. */
  public Scope scope(String namespace, PodSecurityLevel namespaceLevel, Requester requester) {
    return new Scope(
        namespace,
        namespaceLevel,
        podSecurity.version(),
        podSecurity.enforce(),
        () -> hostPaths(false),
        requester,
        Exemptions.NONE);
  }

  /** The same for a pod in which the fixes that are only audited were applied as well. */
  public Scope withAuditedFixes(Scope scope) {
    return new Scope(
        scope.namespace(),
        scope.namespaceLevel(),
        scope.version(),
        scope.enforced(),
        () -> hostPaths(true),
        scope.requester(),
        scope.exemptions());
  }

  private List<HostPathMount> hostPaths(boolean audited) {
    var all = new ArrayList<HostPathMount>();
    for (var settings : rules) {
      if (settings.fix() == FixMode.APPLY || (audited && settings.fix() == FixMode.AUDIT)) {
        all.addAll(settings.hostPaths());
      }
    }
    return all;
  }

  /**
   * Lets every fix of that mode add to the patch, in the order of the catalogue; of those that are
   * only audited, the ones that relax other rules last.
   *
   * @param skipped the rules to leave out
   * @return what each rule did that had something to do or to say
   */
  public List<FixResult> fix(FixMode mode, PodPatch patch, Scope scope, Set<String> skipped) {
    var all = new ArrayList<FixResult>();
    for (var settings : inOrder(mode)) {
      if (reaches(settings, patch.pod(), scope, skipped)) {
        var fixed = settings.fix(patch, scope);
        if (fixed.isPresent()) {
          all.add(
              mode == FixMode.APPLY
                  ? appliedAgain(settings, fixed.get(), patch, scope)
                  : fixed.get());
        }
      }
    }
    return all;
  }

  /** The same, with a warning where an exemption from the fix has expired. */
  private static FixResult appliedAgain(
      RuleSettings settings, FixResult fixed, PodPatch patch, Scope scope) {
    if (!fixed.changedAnything()) {
      return fixed;
    }
    var expired = scope.exemptions().onFix(settings.rule(), patch.pod()).expired();
    return expired.isEmpty() ? fixed : fixed.warning(expired + ": its fix is applied again");
  }

  private List<RuleSettings> inOrder(FixMode mode) {
    var ordered = new ArrayList<RuleSettings>(rules.size());
    var last = new ArrayList<RuleSettings>();
    for (var settings : rules) {
      if (settings.fix() == mode) {
        (mode == FixMode.AUDIT && settings.relaxesOthers() ? last : ordered).add(settings);
      }
    }
    ordered.addAll(last);
    return ordered;
  }

  /** Lets the fixes that reach new images of a live pod add to the patch. */
  public List<FixResult> fixImages(PodPatch patch, Scope scope, Set<String> skipped) {
    return rules.stream()
        .filter(settings -> settings.fix() == FixMode.APPLY && settings.fixesNewImages())
        .filter(settings -> reaches(settings, patch.pod(), scope, skipped))
        .<FixResult>flatMap(settings -> settings.fix(patch, scope).stream())
        .toList();
  }

  /** Whether nothing keeps a rule's fix from the whole pod. */
  private static boolean reaches(RuleSettings settings, Pod pod, Scope scope, Set<String> skipped) {
    return (skipped.isEmpty() || !skipped.contains(settings.rule().name()))
        && !settings.except().include(pod)
        && !scope.exemptions().exemptsFix(settings.rule(), pod);
  }

  /** The rules whose fix leaves the pod alone because of its controller or its priority class. */
  public List<String> excepted(Pod pod) {
    var names = new ArrayList<String>();
    for (var settings : rules) {
      if (settings.fix() == FixMode.APPLY && settings.except().include(pod)) {
        names.add(settings.rule().name());
      }
    }
    return names;
  }

  /**
   * The fixes that exemptions keep from the pod, or from a container of it, and that would have had
   * something to do.
   *
   * @param pod with the fixes that reached it
   * @param skipped the rules to leave out
   */
  public List<ExemptedFix> exemptedFixes(Pod pod, Scope scope, Set<String> skipped) {
    if (scope.exemptions().equals(Exemptions.NONE)) {
      return List.of();
    }
    var all = new ArrayList<ExemptedFix>();
    for (var settings : rules) {
      var ruling = scope.exemptions().onFix(settings.rule(), pod);
      if (settings.fix() == FixMode.APPLY
          && !skipped.contains(settings.rule().name())
          && !settings.except().include(pod)
          && !ruling.grounds().isEmpty()) {
        var patch = new PodPatch(new PodBuilder(pod).build());
        settings
            .fix(patch, scope.exempting(Exemptions.NONE))
            .filter(FixResult::changedAnything)
            .ifPresent(fix -> all.add(new ExemptedFix(fix, ruling.grounds(), ruling.warnings())));
      }
    }
    return all;
  }

  /**
   * What breaks a rule.
   *
   * @param findings what no exemption lets pass, with what this profile makes of it
   * @param exempted what is exempted, if only in part
   */
  public record Checked(List<Finding> findings, List<Exempted> exempted) {}

  /** Everything in the pod that breaks a rule at that moment. */
  public Checked check(Pod pod, Scope scope, Instant now) {
    return check(rules, pod, scope, now);
  }

  /** The findings of {@link #check} that deny no pod. */
  List<Finding> notEnforced(Pod pod, Scope scope, Instant now) {
    var milder = new ArrayList<RuleSettings>(rules.size());
    for (var settings : rules) {
      if (!enforcesAll(settings)) {
        milder.add(settings);
      }
    }
    var findings = new ArrayList<Finding>();
    for (var finding : check(milder, pod, scope, now).findings()) {
      if (!finding.isEnforced()) {
        findings.add(finding);
      }
    }
    return findings;
  }

  private Checked check(List<RuleSettings> some, Pod pod, Scope scope, Instant now) {
    var checked = checkAsItIs(some, pod, scope, now);
    return PodTraits.isWindows(pod) && !PodTraits.declaresWindows(pod)
        ? new Checked(
            askForOs(
                checked.findings(),
                violations(checkAsItIs(some, declaredWindows(pod), scope, now).findings()),
                pod),
            checked.exempted())
        : checked;
  }

  private static Set<Violation> violations(List<Finding> findings) {
    return findings.stream().map(Finding::violation).collect(Collectors.toCollection(HashSet::new));
  }

  private Checked checkAsItIs(List<RuleSettings> some, Pod pod, Scope scope, Instant now) {
    var findings = new LinkedHashMap<Violation, Finding>();
    var exempted = new LinkedHashMap<Violation, Exempted>();
    var index = new PodIndex(pod);
    for (var settings : some) {
      if (!reportsAnything(settings)) {
        continue;
      }
      var violations = settings.check(pod, scope);
      if (violations.isEmpty()) {
        continue;
      }
      var excepted = settings.fix() == FixMode.OFF ? "" : settings.except().reason(pod);
      for (var violation : violations) {
        var finding = finding(settings, violation, excepted, now);
        if (finding.mode() != CheckMode.OFF) {
          var ruling = scope.exemptions().on(settings.rule(), violation, index);
          var remaining = ruling.remaining();
          if (remaining != null) {
            var expired = ruling.expired();
            findings.merge(
                remaining.atLevel(null),
                expired.isEmpty() ? finding.of(remaining) : finding.of(remaining, expired),
                Finding::stricter);
          }
          if (!ruling.grounds().isEmpty()) {
            var whole = violation.atLevel(null);
            exempted.putIfAbsent(whole, new Exempted(whole, ruling.grounds(), ruling.warnings()));
          }
        }
      }
    }
    if (findings.isEmpty()) {
      return new Checked(List.of(), List.copyOf(exempted.values()));
    }
    var injected = injected(pod, scope);
    var all = new ArrayList<Finding>(findings.size());
    for (var finding : findings.values()) {
      all.add(finding.of(inOptions(finding.violation(), injected)));
    }
    return new Checked(all, List.copyOf(exempted.values()));
  }

  /** The containers and volumes of the pod that fixes have injected, and whose fix it was. */
  private Map<FieldPath, Rule> injected(Pod pod, Scope scope) {
    var injected = new HashMap<FieldPath, Rule>();
    for (var settings : rules) {
      for (var place : settings.injected(pod, scope)) {
        injected.putIfAbsent(place, settings.rule());
      }
    }
    return injected;
  }

  /** The rules of which a violation can have a mode other than {@code OFF}. */
  public List<Rule> reporting() {
    return rules.stream().filter(this::reportsAnything).<Rule>map(RuleSettings::rule).toList();
  }

  /** The same profile without the other rules. */
  public Profile restrictedTo(Set<String> names) {
    return new Profile(
        name,
        podSecurity,
        workloads,
        skippable,
        rules.stream().filter(settings -> names.contains(settings.rule().name())).toList());
  }

  /** Whether a violation of the rule can have a mode other than {@code OFF}. */
  private boolean reportsAnything(RuleSettings settings) {
    if (settings.check() != CheckMode.OFF) {
      return true;
    }
    for (var level : settings.controls()) {
      if (podSecurity.mode(level) != CheckMode.OFF) {
        return true;
      }
    }
    return false;
  }

  /** Whether every violation of the rule denies a pod. */
  private boolean enforcesAll(RuleSettings settings) {
    if (settings.checksOptions()) {
      return false;
    }
    for (var level : settings.controls()) {
      if (podSecurity.mode(level) != CheckMode.ENFORCE) {
        return false;
      }
    }
    return true;
  }

  /** The author of a pod has nothing to fix in what a fix put there. */
  private static Violation inOptions(Violation violation, Map<FieldPath, Rule> injected) {
    for (var at = violation.path(); !at.isRoot(); at = at.parent()) {
      var rule = injected.get(at);
      if (rule != null) {
        return violation.inOptionsOf(rule);
      }
    }
    return violation;
  }

  /**
   * Pod Security and rules exempt a pod that says it is for Windows, and API validation refuses
   * there what else would have to be written: such a pod is asked for one field.
   *
   * @param remaining what would still be found if it said so
   */
  private static List<Finding> askForOs(List<Finding> findings, Set<Violation> remaining, Pod pod) {
    var os = pod.getSpec().getOs();
    var found = (os == null ? "nothing" : os.getName()) + " beside a node selector for Windows";
    var asked = new LinkedHashMap<Violation, Finding>();
    for (var finding : findings) {
      var violation = finding.violation();
      if (!remaining.contains(violation)) {
        violation =
            new Violation(
                violation.rule(),
                violation.level(),
                null,
                OS,
                found,
                "windows, which "
                    + (violation.level() == null
                        ? "this rule exempts"
                        : "Pod Security exempts from this rule"),
                List.of(),
                "windows");
      }
      asked.merge(violation.atLevel(null), finding.of(violation), Finding::stricter);
    }
    return List.copyOf(asked.values());
  }

  private static Pod declaredWindows(Pod pod) {
    return new PodBuilder(pod).editSpec().withNewOs("windows").endSpec().build();
  }

  /** Whether any violation at all denies a pod at that moment. */
  public boolean enforcesAnything(Instant now) {
    return podSecurity.enforce() != PodSecurityLevel.PRIVILEGED
        || rules.stream().anyMatch(settings -> settings.checkAt(now) == CheckMode.ENFORCE);
  }

  /**
   * A rule's own check governs what its options ask for, and raises its Pod Security controls where
   * it has no such options.
   *
   * @param excepted why the rule's fix leaves the pod alone; empty where it does not
   */
  private Finding finding(
      RuleSettings settings, Violation violation, String excepted, Instant now) {
    var control = violation.level() == null ? CheckMode.OFF : podSecurity.mode(violation.level());
    boolean counts = violation.level() == null || !settings.checksOptions();
    var own = counts ? settings.checkAt(now, violation) : CheckMode.OFF;
    boolean later = own == CheckMode.WARN && control != CheckMode.ENFORCE;
    var mode = own.max(control);
    return new Finding(
        violation,
        mode,
        later ? settings.enforceFrom() : null,
        mode == CheckMode.ENFORCE || excepted.isEmpty()
            ? ""
            : "the fix leaves pods of " + excepted + " alone");
  }
}
