package dev.gambeson.admission;

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
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.Judgement;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.SkippedFixes;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The verdict on a pod: what the fixes make of it, or what it breaks as it arrived. */
final class PodAdmission {
  private static final String RESIZE = "resize";

  private final AdmissionContext context;
  private final AdmissionRequest request;
  private final Profile profile;
  private final ReviewCodec codec;

  PodAdmission(AdmissionContext context, ReviewCodec codec) {
    this.context = context;
    this.request = context.request();
    this.profile = context.profile();
    this.codec = codec;
  }

  /**
   * Fixes or judges the pod, as the route asks.
   *
   * @throws MalformedReviewException if it cannot be read
   */
  Decision.Verdict handle() throws MalformedReviewException {
    if (!isJudged()) {
      return context.pass();
    }
    var pod = codec.pod(context.object());
    if (PodTraits.isMirror(pod, request.requester().user(), request.requester().groups())) {
      return context.pass();
    }
    return switch (context.route().webhook()) {
      case MUTATE -> fix(pod);
      case VALIDATE, OBSERVE -> validate(pod);
    };
  }

  private Decision.Verdict fix(Pod pod) {
    if (!request.subResource().isEmpty()) {
      return context.pass();
    }
    var old = request.oldObject();
    if (request.operation() == Operation.UPDATE) {
      return old == null
          ? context.pass()
          : fixImages(pod, context.object().outline().newImages(old.outline()));
    }
    var scope = context.scope(request.requester());
    var skipped = SkippedFixes.of(pod, profile);
    var patch = new PodPatch(pod);

    var fixed = profile.fix(FixMode.APPLY, patch, scope, skipped.granted());
    var applied = changedBy(fixed);
    AppliedAnnotation.write(patch, applied);
    var operations = codec.patch(patch.operations());

    var audited = changedBy(profile.fix(FixMode.AUDIT, patch, scope, skipped.granted()));

    var warnings = new Warnings();
    warnings.addAll(context.choice().notes());
    warnings.addAll(skipped.notes(profile));
    fixed.forEach(fix -> warnings.addAll(fix.messages()));
    var annotations = new AuditAnnotations();
    applied.forEach(rule -> annotations.mark("applied." + rule));
    audited.forEach(rule -> annotations.mark("would-apply." + rule));
    profile.excepted(pod).forEach(rule -> annotations.mark("excepted." + rule));
    for (var exempted : profile.exemptedFixes(pod, scope, skipped.granted())) {
      warnings.addAll(exempted.warningLines());
      annotations.mark("exempted." + exempted.fix().rule());
    }
    return new Decision.Allowed(
        operations,
        warnings.list(),
        annotations.limited(),
        ReviewStats.ofFixes(context.choice(), applied, audited, List.copyOf(skipped.refused())));
  }

  /** On a live pod, little besides images can change. */
  private Decision.Verdict fixImages(Pod pod, Set<FieldPath> images) {
    var scope = context.scope(Requester.UNKNOWN);
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
    var annotations = new AuditAnnotations();
    applied.forEach(rule -> annotations.mark("applied." + rule));
    return new Decision.Allowed(
        codec.patch(operations),
        Warnings.limit(context.choice().notes()),
        annotations.limited(),
        ReviewStats.ofFixes(context.choice(), applied, List.of(), List.of()));
  }

  private Decision.Verdict validate(Pod pod) throws MalformedReviewException {
    // Who changes a pod later says nothing of who created it.
    var scope =
        context.scope(
            request.operation() == Operation.CREATE ? request.requester() : Requester.UNKNOWN);
    var skipped = SkippedFixes.of(pod, profile);
    // All that a denial asks of the model once the next is read: a large pod is in memory once.
    var controller = PodTraits.controller(pod);
    var judgement = judge(pod, scope, skipped);
    var old = request.oldObject();
    if (old != null && !request.subResource().isEmpty() && old.outline().excess().isEmpty()) {
      judgement = judgement.since(judge(codec.pod(old), scope, skipped));
    }

    var warnings = new Warnings();
    warnings.addAll(context.choice().notes());
    for (var finding : judgement.findings()) {
      if (finding.mode() == CheckMode.WARN) {
        warnings.add(() -> finding.message(FieldPath.ROOT));
      }
    }
    judgement.exempted().forEach(exempted -> warnings.addAll(exempted.warningLines()));
    var annotations = new AuditAnnotations();
    Finding.audit(judgement.findings(), FieldPath.ROOT, annotations);
    Exempted.audit(judgement.exempted(), annotations);
    judgement.audited().forEach(fix -> fix.auditWouldSet(annotations));
    var enforced = judgement.enforced();
    var stats =
        ReviewStats.ofFixes(context.choice(), List.of(), changedBy(judgement.audited()), List.of());
    if (enforced.isEmpty()) {
      return new Decision.Allowed(
          null,
          warnings.list(),
          annotations.limited(),
          stats.withFindings(judgement.findings(), List.of(), judgement.exempted()));
    }
    var fixable =
        request.operation() == Operation.CREATE
            ? fixable(scope, skipped.granted(), enforced)
            : List.<Violation>of();
    return new Decision.Denied(
        Decision.Reason.FORBIDDEN,
        Denial.message(
            profile.name(),
            context.choice().help(),
            enforced,
            fixable,
            // A resize is of this very pod, and leaves its controller's template as it is.
            request.subResource().equals(RESIZE)
                ? FixLocation.at(FieldPath.ROOT)
                : FixLocation.of(controller),
            codec.specTree(context.object()),
            request.requester().isController() || controller.isPresent()),
        warnings.list(),
        annotations.limited(),
        stats.withFindings(
            judgement.findings(),
            fixable.stream().map(Violation::rule).distinct().toList(),
            judgement.exempted()));
  }

  /**
   * An update is judged where it brings in a container or an image, as Pod Security does, or new
   * resources; so no update that only lets go of a pod is ever refused.
   */
  private boolean isJudged() {
    var old = request.oldObject();
    return request.operation() == Operation.CREATE
        || old == null
        || request.subResource().equals(RESIZE)
        || !context.object().outline().newImages(old.outline()).isEmpty();
  }

  /** Judges the pod as it arrived. */
  private Judgement judge(Pod pod, Scope scope, SkippedFixes skipped) {
    return Judgement.of(
        profile, new PodPatch(pod), scope, skipped, context.now(), context.enforce());
  }

  /** The enforced violations that the profile's fixes would remove from this new pod. */
  private List<Violation> fixable(Scope scope, Set<String> skipped, List<Finding> enforced)
      throws MalformedReviewException {
    var patch = new PodPatch(codec.pod(context.object()));
    profile.fix(FixMode.APPLY, patch, scope, skipped);
    var remaining =
        profile.check(patch.pod(), scope, context.now()).findings().stream()
            .map(Finding::violation)
            .collect(Collectors.toSet());
    return enforced.stream()
        .map(Finding::violation)
        .filter(violation -> !remaining.contains(violation))
        .toList();
  }

  private static List<String> changedBy(List<FixResult> fixed) {
    var rules = new ArrayList<String>(fixed.size());
    for (var fix : fixed) {
      if (fix.changedAnything()) {
        rules.add(fix.rule());
      }
    }
    return rules;
  }
}
