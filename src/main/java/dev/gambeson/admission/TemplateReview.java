package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.advice.Advice;
import dev.gambeson.advice.FixLocation;
import dev.gambeson.advice.Snippet;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.CronJobTimeZone;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.ExemptedFix;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.SkippedFixes;
import dev.gambeson.yaml.DocumentEdit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The verdict on the pod that an object describes.
 *
 * @param namespace the namespace that the pod will be in
 * @param name the object's name; empty where the API server is still to give it one
 * @param choice the profile that judged
 * @param template where in the object the pod's {@code metadata} and {@code spec} are; the paths of
 *     {@code findings} and {@code exempted} begin there
 * @param fixed what the fixes changed in the object
 * @param audited what the fixes that are only audited would change
 * @param findings the violations of the pod once it is fixed, enforced ones first
 * @param exemptedFixes the fixes that exemptions keep from the pod, and no violation tells of
 * @param exempted what breaks a rule once the pod is fixed, and is exempted
 * @param object the object with the fixes in it
 * @param edits the changes that make it so
 * @param skipped the fixes that the pod asked to skip
 * @param fixLocation where the pod is fixed
 * @param filledInLater what may still fill in the field of a violation, in words
 * @param timeZone of a CronJob that names none
 */
public record TemplateReview(
    String kind,
    String namespace,
    String name,
    Configuration.Choice choice,
    FieldPath template,
    List<FixResult> fixed,
    List<FixResult> audited,
    List<Finding> findings,
    List<ExemptedFix> exemptedFixes,
    List<Exempted> exempted,
    JsonNode object,
    List<DocumentEdit> edits,
    SkippedFixes skipped,
    FixLocation fixLocation,
    Map<Violation, String> filledInLater,
    Optional<CronJobTimeZone> timeZone) {
  public TemplateReview {
    filledInLater = Map.copyOf(filledInLater);
    fixed = List.copyOf(fixed);
    audited = List.copyOf(audited);
    edits = List.copyOf(edits);
    findings = List.copyOf(findings);
    exemptedFixes = List.copyOf(exemptedFixes);
    exempted = List.copyOf(exempted);
  }

  /** The violations for which the pod is denied. */
  List<Finding> enforced() {
    return findings.stream().filter(Finding::isEnforced).toList();
  }

  /**
   * What may still fill in the field of a finding when the pod is created, in words; empty where
   * the author must.
   */
  public Optional<String> filledInLaterBy(Finding finding) {
    return Optional.ofNullable(filledInLater.get(finding.violation()));
  }

  /** Whether nothing that is enforced is broken. */
  public boolean allowed() {
    return enforced().isEmpty();
  }

  /** Whether a fix changed the object. */
  public boolean changed() {
    return fixed.stream().anyMatch(FixResult::changedAnything);
  }

  /** What the pod's author should know besides. */
  public List<String> notes() {
    return Stream.concat(choice.notes().stream(), skipped.notes(choice.profile()).stream())
        .toList();
  }

  /** The YAML to paste that fixes the finding; empty where there is none. */
  public String remedy(Finding finding) {
    return Snippet.yaml(List.of(finding.violation()), pod(), fixLocation.prefix());
  }

  /** How to fix these findings. */
  public List<Advice> advice(List<Finding> some) {
    return fixLocation.advice(some.stream().map(Finding::violation).toList(), pod());
  }

  /** The pod that the object describes. */
  public JsonNode pod() {
    return object.at(template.pointer());
  }
}
