package dev.gambeson.admission;

import dev.gambeson.admission.AdmissionPipeline.Route;
import dev.gambeson.admission.AdmissionRequest.Operation;
import dev.gambeson.advice.Denial;
import dev.gambeson.advice.FixLocation;
import dev.gambeson.advice.Warnings;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.AuditAnnotations;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.Judgement;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.SkippedFixes;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The verdict on a pod: what the fixes make of it, or what it breaks as it arrived. */
final class PodAdmission {
  private static final String RESIZE = "resize";

  private final boolean enforce;
  private final Instant now;
  private final ReviewCodec codec;

  /**
   * Creates it.
   *
   * @param enforce false turns what would be enforced into warnings
   * @param now the moment of the verdict
   */
  PodAdmission(boolean enforce, Instant now, ReviewCodec codec) {
    this.enforce = enforce;
    this.now = now;
    this.codec = codec;
  }

  /**
   * Fixes or judges a pod, as the route asks.
   *
   * @throws MalformedReviewException if it cannot be read
   */
  Decision handle(
      Configuration.Choice choice, Route route, AdmissionRequest request, ReviewedObject object)
      throws MalformedReviewException {
    if (!isJudged(request, object)) {
      return Decision.pass(choice);
    }
    var pod = codec.pod(object);
    if (PodTraits.isMirror(pod, request.requester().user(), request.requester().groups())) {
      return Decision.pass(choice);
    }
    return switch (route.webhook()) {
      case MUTATE -> fix(choice, route, request, pod, object);
      case VALIDATE, OBSERVE -> validate(choice, route, request, pod, object);
    };
  }

  private Decision fix(
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      Pod pod,
      ReviewedObject object) {
    if (!request.subResource().isEmpty()) {
      return Decision.pass(choice);
    }
    var old = request.oldObject();
    if (request.operation() == Operation.UPDATE) {
      return old == null
          ? Decision.pass(choice)
          : fixImages(choice, route, request, pod, object.outline().newImages(old.outline()));
    }
    var profile = choice.profile();
    var scope = choice.scope(request.namespace(), route.level(), request.requester(), now);
    var skipped = SkippedFixes.of(pod, profile);
    var patch = new PodPatch(pod);

    var fixed = profile.fix(FixMode.APPLY, patch, scope, skipped.granted());
    var applied = changedBy(fixed);
    AppliedAnnotation.write(patch, applied);
    var operations = codec.patch(patch.operations());

    var audited = changedBy(profile.fix(FixMode.AUDIT, patch, scope, skipped.granted()));

    var warnings = new Warnings();
    warnings.addAll(choice.notes());
    warnings.addAll(skipped.notes(profile));
    fixed.forEach(fix -> warnings.addAll(fix.messages()));
    var annotations = new AuditAnnotations();
    applied.forEach(rule -> annotations.put("applied." + rule, "true"));
    audited.forEach(rule -> annotations.put("would-apply." + rule, "true"));
    profile.excepted(pod).forEach(rule -> annotations.put("excepted." + rule, "true"));
    for (var exempted : profile.exemptedFixes(pod, scope, skipped.granted())) {
      warnings.addAll(exempted.warningLines());
      annotations.put("exempted." + exempted.fix().rule(), "true");
    }
    return new Decision.Allowed(
        operations,
        warnings.list(),
        annotations.limited(),
        new ReviewStats(
            profile.name(),
            choice.unknown(),
            applied,
            audited,
            List.of(),
            List.of(),
            List.of(),
            List.copyOf(skipped.refused())));
  }

  /** Of a live pod the API server lets little else change than images. */
  private Decision fixImages(
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      Pod pod,
      Set<FieldPath> images) {
    var profile = choice.profile();
    var scope = choice.scope(request.namespace(), route.level(), Requester.UNKNOWN, now);
    var skipped = SkippedFixes.of(pod, profile);
    var patch = new PodPatch(pod);
    var fixed = profile.fixImages(patch, scope, skipped.granted());
    var operations =
        patch.operations().stream().filter(operation -> images.contains(operation.path())).toList();
    var applied =
        fixed.stream()
            .filter(fix -> fix.paths().stream().anyMatch(images::contains))
            .map(FixResult::rule)
            .toList();
    var annotations = new TreeMap<String, String>();
    applied.forEach(rule -> annotations.put("applied." + rule, "true"));
    return new Decision.Allowed(
        codec.patch(operations),
        Warnings.limit(choice.notes()),
        annotations,
        new ReviewStats(
            profile.name(),
            choice.unknown(),
            applied,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  private Decision validate(
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      Pod pod,
      ReviewedObject object)
      throws MalformedReviewException {
    var profile = choice.profile();
    // Who changes a pod later says nothing of who created it.
    var requester =
        request.operation() == Operation.CREATE ? request.requester() : Requester.UNKNOWN;
    var scope = choice.scope(request.namespace(), route.level(), requester, now);
    var skipped = SkippedFixes.of(pod, profile);
    // All that is asked of the model comes before the next is read: a large pod is in memory once.
    // A resize is of this very pod, and leaves its controller's template as it is.
    var mending =
        request.subResource().equals(RESIZE) ? FixLocation.at(FieldPath.ROOT) : FixLocation.of(pod);
    boolean toController =
        request.requester().isController() || PodTraits.controller(pod).isPresent();
    var review = Judgement.of(profile, new PodPatch(pod), scope, skipped, now, enforce);
    var old = request.oldObject();
    if (old != null && !request.subResource().isEmpty() && old.outline().excess().isEmpty()) {
      var before = new PodPatch(codec.pod(old));
      review = review.since(Judgement.of(profile, before, scope, skipped, now, enforce));
    }

    var warnings = new Warnings();
    warnings.addAll(choice.notes());
    review.findings().stream()
        .filter(finding -> finding.mode() == CheckMode.WARN)
        .forEach(finding -> warnings.add(() -> finding.message(FieldPath.ROOT)));
    review.exempted().forEach(exempted -> warnings.addAll(exempted.warningLines()));
    var annotations = new AuditAnnotations();
    Finding.audit(review.findings(), FieldPath.ROOT, annotations);
    Exempted.audit(review.exempted(), annotations);
    review.audited().forEach(fix -> fix.auditWouldSet(annotations));
    var enforced = review.enforced();
    var fixable =
        enforced.isEmpty() || request.operation() != Operation.CREATE
            ? List.<Violation>of()
            : fixable(profile, object, scope, skipped.granted(), enforced);
    var outcome =
        new ReviewStats(
            profile.name(),
            choice.unknown(),
            List.of(),
            changedBy(review.audited()),
            review.findings(),
            fixable.stream().map(Violation::rule).distinct().toList(),
            Exempted.rules(review.exempted()),
            List.of());
    return enforced.isEmpty()
        ? new Decision.Allowed(null, warnings.list(), annotations.limited(), outcome)
        : new Decision.Denied(
            Decision.Reason.FORBIDDEN,
            Denial.message(
                profile.name(), enforced, fixable, mending, codec.specTree(object), toController),
            warnings.list(),
            annotations.limited(),
            outcome);
  }

  /**
   * An update is judged where it brings in a container or an image, as Pod Security does, or new
   * resources; so no update that only lets go of a pod is ever refused.
   */
  private static boolean isJudged(AdmissionRequest request, ReviewedObject object) {
    var old = request.oldObject();
    return request.operation() == Operation.CREATE
        || old == null
        || request.subResource().equals(RESIZE)
        || !object.outline().newImages(old.outline()).isEmpty();
  }

  /** The enforced violations that the profile's fixes would remove from this new pod. */
  private List<Violation> fixable(
      Profile profile,
      ReviewedObject object,
      Scope scope,
      Set<String> skipped,
      List<Finding> enforced)
      throws MalformedReviewException {
    var patch = new PodPatch(codec.pod(object));
    profile.fix(FixMode.APPLY, patch, scope, skipped);
    var remaining =
        profile.check(patch.pod(), scope, now).findings().stream()
            .map(Finding::violation)
            .collect(Collectors.toSet());
    return enforced.stream()
        .map(Finding::violation)
        .filter(violation -> !remaining.contains(violation))
        .toList();
  }

  private static List<String> changedBy(List<FixResult> fixed) {
    return fixed.stream().filter(FixResult::changedAnything).map(FixResult::rule).toList();
  }
}
