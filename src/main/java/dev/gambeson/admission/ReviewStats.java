package dev.gambeson.admission;

import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules did to a pod and found in it: for metrics and the log.
 *
 * @param profile the name of the profile that was applied
 * @param unknownProfile the profile that was asked for and does not exist
 * @param applied the rules whose fix changed the pod
 * @param audited the rules whose fix would have changed it, were it applied
 * @param findings the violations, enforced ones first
 * @param fixable the rules whose fix would have removed an enforced violation, had it reached the
 *     pod
 * @param exempted the rules of the violations that are exempted, one for each
 * @param refusedSkips the rules that the pod asked to skip and may not
 */
public record ReviewStats(
    String profile,
    @Nullable String unknownProfile,
    List<String> applied,
    List<String> audited,
    List<Finding> findings,
    List<String> fixable,
    List<String> exempted,
    List<String> refusedSkips) {

  /** Where no rule was asked. */
  public static final ReviewStats NONE =
      new ReviewStats("", null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** Of a pod that no rule was asked about. */
  static ReviewStats untouched(Configuration.Choice choice) {
    return ofFixes(choice, List.of(), List.of(), List.of());
  }

  /** Of a pod that was fixed. */
  static ReviewStats ofFixes(
      Configuration.Choice choice,
      List<String> applied,
      List<String> audited,
      List<String> refusedSkips) {
    return new ReviewStats(
        choice.profile().name(),
        choice.unknown(),
        applied,
        audited,
        List.of(),
        List.of(),
        List.of(),
        refusedSkips);
  }

  /** The same of a pod that was checked. */
  ReviewStats withFindings(List<Finding> found, List<String> fixableRules, List<Exempted> passed) {
    return new ReviewStats(
        profile,
        unknownProfile,
        applied,
        audited,
        found,
        fixableRules,
        Exempted.rules(passed),
        refusedSkips);
  }
}
