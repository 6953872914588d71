package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PatchOperation;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rules.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The verdict on a workload: on the pods that its template describes, once they are fixed. Its
 * author learns it at {@code kubectl apply}, rather than from an event later; the pods themselves
 * are judged when they come.
 */
final class Workloads {
  private static final FieldPath TIME_ZONE = FieldPath.of("spec", "timeZone");
  private static final FieldPath PRIORITY_CLASS = FieldPath.of("spec", "priorityClassName");
  private static final String REFUSED = "pods will be refused: ";

  private final TemplateReviewer reviewer;

  /**
   * Creates it.
   *
   * @param enforce false turns what would be enforced into warnings
   * @param now the moment of the verdict
   */
  Workloads(boolean enforce, Instant now, ReviewCodec codec) {
    this.reviewer = new TemplateReviewer(enforce, now, Requester.UNKNOWN, codec);
  }

  /**
   * Fills in the time zone in which the schedule of a CronJob is read, where a rule does so: all
   * else is left to the fixes of the pods. An update may come without it, by a PUT of the manifest.
   * A rule whose fix would leave the CronJob's pods alone leaves it alone as well.
   */
  static Decision.Verdict fix(
      Configuration.Choice choice,
      AdmissionRequest request,
      PodTemplate template,
      ReviewCodec codec) {
    var object = request.object();
    var owner = template.owner();
    if (object == null
        || owner == null
        || !request.kind().equals("CronJob")
        || !request.subResource().isEmpty()
        || isControlled(object)) {
      return Decision.pass(choice);
    }
    var spec = object.path("spec");
    if (!spec.isObject() || spec.hasNonNull("timeZone")) {
      return Decision.pass(choice);
    }
    var schedule = spec.path("schedule").asText();
    var priorityClass = object.at(PRIORITY_CLASS.under(template.path()).pointer()).asText();
    var operations = new ArrayList<PatchOperation>();
    var applied = new ArrayList<String>();
    var audited = new ArrayList<String>();
    var annotations = new TreeMap<String, String>();
    for (var settings : choice.profile().rules()) {
      if (settings.except().include(owner.kind(), priorityClass)) {
        continue;
      }
      var rule = settings.rule().name();
      var zone = settings.timeZone(schedule);
      if (zone.isPresent() && settings.fix() == FixMode.APPLY) {
        operations.add(new PatchOperation(PatchOperation.Op.ADD, TIME_ZONE, zone.get()));
        applied.add(rule);
        annotations.put("applied." + rule, "true");
      } else if (zone.isPresent() && settings.fix() == FixMode.AUDIT) {
        audited.add(rule);
        annotations.put("would-apply." + rule, "true");
      }
    }
    return new Decision.Allowed(
        codec.patch(operations),
        List.of(),
        annotations,
        new Outcome(
            choice.profile().name(),
            choice.unknown(),
            applied,
            audited,
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  /**
   * Judges a workload that is created or changed.
   *
   * @throws MalformedReviewException if its template cannot be read
   */
  Decision.Verdict validate(
      Configuration.Choice choice,
      AdmissionPipeline.Route route,
      AdmissionRequest request,
      PodTemplate template)
      throws MalformedReviewException {
    var object = request.object();
    var profile = choice.profile();
    if (object == null || profile.workloads() == CheckMode.OFF || !isJudged(request, template)) {
      return Decision.pass(choice);
    }
    var reviewed = review(choice, route, request, object, template);
    if (reviewed.isEmpty()) {
      return Decision.pass(choice);
    }
    var review = reviewed.get();
    var warnings = new ArrayList<String>();
    if (profile.workloads().compareTo(CheckMode.WARN) >= 0) {
      warnings.addAll(review.notes());
      review.fixed().forEach(fix -> warnings.addAll(fix.messages()));
      review.exempted().forEach(exempted -> warnings.addAll(exempted.warningLines()));
    }
    var findings = new ArrayList<Finding>();
    for (var finding : review.findings()) {
      var milder = finding.atMost(profile.workloads());
      findings.add(milder);
      if (milder.mode() == CheckMode.WARN) {
        warnings.add((finding.isEnforced() ? REFUSED : "") + finding.message(review.template()));
      }
    }
    var annotations = Finding.annotations(findings, review.template());
    annotations.putAll(Exempted.annotations(review.exempted()));
    var outcome =
        new Outcome(
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
        ? new Decision.Allowed(null, Warnings.limit(warnings), annotations, outcome)
        : new Decision.Denied(
            Decision.Reason.FORBIDDEN,
            Denial.message(
                profile.name(),
                enforced,
                List.of(),
                review.mending(),
                review.pod(),
                request.requester().isController()),
            Warnings.limit(warnings),
            annotations,
            outcome);
  }

  private Optional<TemplateReview> review(
      Configuration.Choice choice,
      AdmissionPipeline.Route route,
      AdmissionRequest request,
      JsonNode object,
      PodTemplate template)
      throws MalformedReviewException {
    try {
      return reviewer.review(
          request.apiVersion(), request.kind(), object, request.namespace(), choice, route.level());
    } catch (MalformedReviewException e) {
      throw new MalformedReviewException(template.path() + ": " + e.getMessage());
    }
  }

  /** Only where the template is news to the one who writes it. */
  private static boolean isJudged(AdmissionRequest request, PodTemplate template) {
    var object = request.object();
    var old = request.oldObject();
    var place = template.path().pointer();
    return request.subResource().isEmpty()
        && object != null
        && !isControlled(object)
        && (old == null || !old.at(place).equals(object.at(place)));
  }

  static boolean isControlled(JsonNode object) {
    return object
        .path("metadata")
        .path("ownerReferences")
        .valueStream()
        .anyMatch(owner -> owner.path("controller").asBoolean());
  }
}
