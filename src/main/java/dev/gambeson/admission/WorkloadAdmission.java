package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.AdmissionPipeline.Route;
import dev.gambeson.advice.Denial;
import dev.gambeson.advice.Warnings;
import dev.gambeson.pod.PatchOperation;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.AuditAnnotations;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.RuleSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a workload: on the pods that its template describes, once they are fixed. Its
 * author learns it at {@code kubectl apply}, rather than from an event later; the pods themselves
 * are judged when they come.
 */
final class WorkloadAdmission {
  private static final String REFUSED = "pods will be refused";

  private final TemplateReviewer reviewer;
  private final ReviewCodec codec;

  /**
   * Creates it.
   *
   * @param enforce false turns what would be enforced into warnings
   * @param now the moment of the verdict
   */
  WorkloadAdmission(boolean enforce, Instant now, ReviewCodec codec) {
    this.reviewer = new TemplateReviewer(enforce, now, Requester.UNKNOWN, codec);
    this.codec = codec;
  }

  /**
   * Fixes or judges a workload, as the route asks.
   *
   * @throws MalformedReviewException if its template cannot be read
   */
  Decision.Verdict handle(
      Configuration.Choice choice, Route route, AdmissionRequest request, PodTemplate template)
      throws MalformedReviewException {
    return switch (route.webhook()) {
      case MUTATE -> fix(choice, route, request, template);
      case VALIDATE, OBSERVE -> validate(choice, route, request, template);
    };
  }

  /**
   * Fills in the time zone in which the schedule of a CronJob is read, where a rule does so: all
   * else is left to the fixes of the pods. An update may come without it, by a PUT of the manifest.
   */
  private Decision.Verdict fix(
      Configuration.Choice choice, Route route, AdmissionRequest request, PodTemplate template)
      throws MalformedReviewException {
    if (request.object() == null || !request.subResource().isEmpty()) {
      return Decision.pass(choice);
    }
    var object = codec.tree(request.object());
    var zoning =
        CronJobs.scheduleWithoutTimeZone(request.kind(), object).stream()
            .flatMap(schedule ->
                choice.profile().rules().stream()
                    .filter(settings -> settings.timeZone(schedule).isPresent()))
            .toList();
    var reviewed =
        zoning.isEmpty()
            ? Optional.<TemplateReview>empty()
            : review(choice, route, request, object);
    if (reviewed.isEmpty()) {
      return Decision.pass(choice);
    }
    var review = reviewed.get();
    var operations = new ArrayList<PatchOperation>();
    var applied = new ArrayList<String>();
    var audited = new ArrayList<String>();
    var annotations = new TreeMap<String, String>();
    for (var settings : zoning) {
      var rule = settings.rule().name();
      if (CronJobs.isFixed(review.fixed(), settings)) {
        var zone = review.object().at(CronJobs.TIME_ZONE.pointer());
        operations.add(new PatchOperation(PatchOperation.Op.ADD, CronJobs.TIME_ZONE, zone));
        applied.add(rule);
        annotations.put("applied." + rule, "true");
      } else if (CronJobs.isFixed(review.audited(), settings)) {
        audited.add(rule);
        annotations.put("would-apply." + rule, "true");
      } else if (settings.fix() == FixMode.APPLY && !review.skipped().granted().contains(rule)) {
        annotations.put(
            (isExcepted(settings, template, review) ? "excepted." : "exempted.") + rule, "true");
      }
    }
    return new Decision.Allowed(
        codec.patch(operations),
        List.of(),
        annotations,
        new ReviewStats(
            choice.profile().name(),
            choice.unknown(),
            applied,
            audited,
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  private static boolean isExcepted(
      RuleSettings settings, PodTemplate template, TemplateReview review) {
    var owner = template.owner();
    return owner != null
        && settings
            .except()
            .include(owner.kind(), review.pod().at("/spec/priorityClassName").asText());
  }

  /** Judges a workload that is created or changed. */
  private Decision.Verdict validate(
      Configuration.Choice choice, Route route, AdmissionRequest request, PodTemplate template)
      throws MalformedReviewException {
    var profile = choice.profile();
    if (request.object() == null
        || !request.subResource().isEmpty()
        || profile.workloads() == CheckMode.OFF) {
      return Decision.pass(choice);
    }
    var object = codec.tree(request.object());
    if (!isNews(request.oldObject(), object, template)) {
      return Decision.pass(choice);
    }
    var reviewed = review(choice, route, request, object);
    if (reviewed.isEmpty()) {
      return Decision.pass(choice);
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
    var outcome =
        new ReviewStats(
            profile.name(),
            choice.unknown(),
            List.of(),
            List.of(),
            findings,
            List.of(),
            Exempted.rules(review.exempted()),
            List.copyOf(review.skipped().refused()));
    var enforced = findings.stream().filter(Finding::isEnforced).toList();
    return enforced.isEmpty()
        ? new Decision.Allowed(null, warnings.list(), annotations.limited(), outcome)
        : new Decision.Denied(
            Decision.Reason.FORBIDDEN,
            Denial.message(
                profile.name(),
                enforced,
                List.of(),
                review.mending(),
                review.pod(),
                request.requester().isController()),
            warnings.list(),
            annotations.limited(),
            outcome);
  }

  private static String refused(Optional<String> filler) {
    return REFUSED + filler.map(text -> " unless " + text + " fills it in").orElse("") + ": ";
  }

  private Optional<TemplateReview> review(
      Configuration.Choice choice, Route route, AdmissionRequest request, JsonNode object)
      throws MalformedReviewException {
    return reviewer.review(
        request.apiVersion(), request.kind(), object, request.namespace(), choice, route.level());
  }

  /** Whether the template is news to the one who writes it. */
  private boolean isNews(@Nullable ReviewedObject old, JsonNode object, PodTemplate template)
      throws MalformedReviewException {
    var place = template.path().pointer();
    return old == null
        || old.outline().excess().isPresent()
        || !codec.tree(old).at(place).equals(object.at(place));
  }
}
