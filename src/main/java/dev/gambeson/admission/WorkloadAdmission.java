package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.advice.Denial;
import dev.gambeson.advice.Warnings;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.AuditAnnotations;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.CronJobTimeZone;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The verdict on a workload: on the pods that its template describes, once they are fixed. Its
 * author learns it at {@code kubectl apply}, rather than from an event later; the pods themselves
 * are judged when they come.
 */
final class WorkloadAdmission {
  private static final String REFUSED = "pods will be refused";

  private final AdmissionContext context;
  private final AdmissionRequest request;
  private final ReviewCodec codec;

  WorkloadAdmission(AdmissionContext context, ReviewCodec codec) {
    this.context = context;
    this.request = context.request();
    this.codec = codec;
  }

  /**
   * Fixes or judges the workload, as the route asks.
   *
   * @throws MalformedReviewException if its template cannot be read
   */
  Decision.Verdict handle() throws MalformedReviewException {
    if (!request.subResource().isEmpty()) {
      return context.pass();
    }
    return switch (context.route().webhook()) {
      case MUTATE -> fix();
      case VALIDATE, OBSERVE -> validate();
    };
  }

  /**
   * Fills in the time zone in which the schedule of a CronJob is read, where a rule does so: all
   * else is left to the fixes of the pods. An update may come without it, by a PUT of the manifest.
   */
  private Decision.Verdict fix() throws MalformedReviewException {
    var object = codec.tree(context.object());
    if (CronJobTimeZone.missingIn(request.kind(), object).isEmpty()) {
      return context.pass();
    }
    var timeZone = review(object).flatMap(TemplateReview::timeZone).orElse(null);
    if (timeZone == null) {
      return context.pass();
    }
    var rule = timeZone.rule();
    boolean applied = timeZone.is(CronJobTimeZone.Effect.APPLIED);
    boolean audited = timeZone.is(CronJobTimeZone.Effect.WOULD_APPLY);
    return new Decision.Allowed(
        applied ? codec.patch(List.of(timeZone.operation())) : null,
        List.of(),
        Map.of(timeZone.effect() + "." + rule, "true"),
        ReviewStats.ofFixes(
            context.choice(),
            applied ? List.of(rule) : List.of(),
            audited ? List.of(rule) : List.of(),
            List.of()));
  }

  /** Judges a workload that is created or changed. */
  private Decision.Verdict validate() throws MalformedReviewException {
    var profile = context.profile();
    if (profile.workloads() == CheckMode.OFF) {
      return context.pass();
    }
    var object = codec.tree(context.object());
    var reviewed = isNews(object) ? review(object) : Optional.<TemplateReview>empty();
    if (reviewed.isEmpty()) {
      return context.pass();
    }
    var review = reviewed.get();
    var warnings = new Warnings();
    if (profile.workloads().compareTo(CheckMode.WARN) >= 0) {
      warnings.addAll(review.notes());
      review.fixed().forEach(fix -> warnings.addAll(fix.messages()));
      review.exemptedFixes().forEach(exempted -> warnings.addAll(exempted.warningLines()));
      review.exempted().forEach(exempted -> warnings.addAll(exempted.warningLines()));
    }
    var findings = new ArrayList<Finding>();
    for (var finding : review.findings()) {
      var filler = review.filledInLaterBy(finding);
      var milder =
          finding
              .atMost(profile.workloads())
              .atMost(filler.isPresent() ? CheckMode.WARN : CheckMode.ENFORCE);
      findings.add(milder);
      if (milder.mode() == CheckMode.WARN) {
        var before = finding.isEnforced() ? refused(filler) : "";
        warnings.add(() -> before + finding.message(review.template()));
      }
    }
    var annotations = new AuditAnnotations();
    Finding.audit(findings, review.template(), annotations);
    Exempted.audit(review.exempted(), annotations);
    var stats =
        ReviewStats.ofFixes(
                context.choice(), List.of(), List.of(), List.copyOf(review.skipped().refused()))
            .withFindings(findings, List.of(), review.exempted());
    var enforced = findings.stream().filter(Finding::isEnforced).toList();
    return enforced.isEmpty()
        ? new Decision.Allowed(null, warnings.list(), annotations.limited(), stats)
        : new Decision.Denied(
            Decision.Reason.FORBIDDEN,
            Denial.message(
                profile.name(),
                context.choice().help(),
                enforced,
                List.of(),
                review.fixLocation(),
                review.pod(),
                request.requester().isController()),
            warnings.list(),
            annotations.limited(),
            stats);
  }

  private static String refused(Optional<String> filler) {
    return REFUSED + filler.map(text -> " unless " + text + " fills it in").orElse("") + ": ";
  }

  private Optional<TemplateReview> review(JsonNode object) throws MalformedReviewException {
    return new TemplateReviewer(context.enforce(), context.now(), Requester.UNKNOWN, codec)
        .review(
            request.apiVersion(),
            request.kind(),
            object,
            request.namespace(),
            context.choice(),
            context.route().level());
  }

  /** Whether the template is news to the one who writes it. */
  private boolean isNews(JsonNode object) throws MalformedReviewException {
    var old = request.oldObject();
    var place = context.template().path().pointer();
    return old == null
        || old.outline().excess().isPresent()
        || !codec.tree(old).at(place).equals(object.at(place));
  }
}
