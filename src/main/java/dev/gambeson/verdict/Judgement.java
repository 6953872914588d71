package dev.gambeson.verdict;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The verdict on one pod: the same for the server, for {@code gambeson review} and for the
 * templates of workloads.
 *
 * @param audited what the fixes that are only audited would have done
 * @param findings the violations: enforced ones first, of these the system that a pod for Windows
 *     must name, then in the order of the pod's containers, of each container what the laxest Pod
 *     Security level forbids first
 * @param exempted what breaks a rule and is exempted
 */
public record Judgement(List<FixResult> audited, List<Finding> findings, List<Exempted> exempted) {

  private static final List<String> CONTAINER_LISTS =
      Stream.of(ContainerRef.Kind.values()).map(ContainerRef.Kind::field).toList();

  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::mode, Comparator.reverseOrder())
          .thenComparing(finding -> !finding.violation().path().equals(Profile.OS))
          .thenComparingInt(finding -> listOf(finding.violation()))
          .thenComparingInt(finding -> positionOf(finding.violation()))
          .thenComparing(
              finding -> finding.violation().level(),
              Comparator.nullsLast(Comparator.naturalOrder()));

  /**
   * Judges the pod of a patch. What is enforced is judged on the pod as the patch has it. Of the
   * rest a finding is left out where an audited fix would write its field and fix it, and what such
   * fixes would bring with them is added: so an audit reports what would remain. Those fixes go
   * into the same pod: take the patch's operations before.
   *
   * @param enforce false turns what would be enforced into warnings
   */
  public static Judgement of(
      Profile profile,
      PodPatch patch,
      Scope scope,
      SkippedFixes skipped,
      Instant now,
      boolean enforce) {
    var checked = profile.check(patch.pod(), scope, now);
    var findings = new ArrayList<Finding>();
    var others = new ArrayList<Finding>();
    for (var finding : checked.findings()) {
      if (!finding.isEnforced()) {
        others.add(finding);
      } else {
        findings.add(enforce ? finding : finding.atMost(CheckMode.WARN));
      }
    }
    var names = ElementNames.of(patch.pod());
    var audited = profile.fix(FixMode.AUDIT, patch, scope, skipped.granted());
    if (audited.stream().noneMatch(FixResult::changedAnything)) {
      findings.addAll(others);
    } else {
      var remaining = profile.notEnforced(patch.pod(), profile.withAuditedFixes(scope), now);
      findings.addAll(
          new AuditedFixes(audited, names, ElementNames.of(patch.pod()))
              .foresee(others, remaining));
    }
    findings.sort(ORDER);
    return new Judgement(audited, List.copyOf(findings), checked.exempted());
  }

  /**
   * What a change of the pod is to blame for: the violations that it did not have before. The rest
   * must not stand in the way of a debug container, or of a resize.
   */
  public Judgement since(Judgement before) {
    var known = before.findings.stream().map(Finding::violation).collect(Collectors.toSet());
    var exemptedBefore =
        before.exempted.stream().map(Exempted::violation).collect(Collectors.toSet());
    return new Judgement(
        List.of(),
        findings.stream().filter(finding -> !known.contains(finding.violation())).toList(),
        exempted.stream().filter(each -> !exemptedBefore.contains(each.violation())).toList());
  }

  /** The violations for which the pod is denied. */
  public List<Finding> enforced() {
    return findings.stream().filter(Finding::isEnforced).toList();
  }

  private static int listOf(Violation violation) {
    return violation.container() == null
        ? -1
        : CONTAINER_LISTS.indexOf(violation.path().first(2).last());
  }

  private static int positionOf(Violation violation) {
    return listOf(violation) >= 0 && violation.path().first(3).last() instanceof Integer position
        ? position
        : -1;
  }
}
