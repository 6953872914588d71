package dev.gambeson.server;

import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.AdmissionRequest;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.Route;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Finding;
import java.time.Duration;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests to the webhooks, whatever their body contains. */
final class ReviewHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewHandler.class);

  /** In the Kubernetes API; the API server checks the name after it calls the webhooks. */
  private static final int LONGEST_NAME = 253;

  private final ReviewCodec codec;
  private final AdmissionPipeline pipeline;
  private final GambesonMetrics metrics;
  private final Limits limits;

  ReviewHandler(
      ReviewCodec codec, AdmissionPipeline pipeline, GambesonMetrics metrics, Limits limits) {
    this.codec = codec;
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.limits = limits;
  }

  HttpResponse answer(Route route, Body body) {
    return switch (body) {
      case Body.Whole whole -> review(route, whole.bytes());
      case Body.TooLarge tooLarge -> tooLarge(route, tooLarge.bytes());
    };
  }

  private HttpResponse review(Route route, byte[] body) {
    long start = System.nanoTime();
    var uid = "unknown";
    try {
      var request = codec.decode(body);
      uid = request.uid();
      var decision = pipeline.handle(route, request);
      var answer =
          switch (decision) {
            case Decision.Verdict verdict -> HttpResponse.review(codec.encode(uid, verdict));
            case Decision.Failed failed -> HttpResponse.line(500, failed.message());
          };
      metrics.review(
          route.webhook(),
          request.knownKind(),
          decision,
          Duration.ofNanos(System.nanoTime() - start));
      log(request, decision);
      return answer;
    } catch (MalformedReviewException e) {
      metrics.badRequest(BadRequest.MALFORMED);
      return HttpResponse.line(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return internalError(uid, e);
    }
  }

  /** The answer if Gambeson fails, not the request. */
  HttpResponse internalError(String uid, Throwable cause) {
    metrics.badRequest(BadRequest.BUG);
    LOG.error("no verdict on review {}: this is a bug in Gambeson", uid, cause);
    return HttpResponse.line(
        500, "Gambeson came to no verdict: its log tells more, at the uid " + uid);
  }

  private HttpResponse tooLarge(Route route, byte[] head) {
    metrics.badRequest(BadRequest.TOO_LARGE);
    var known = codec.decodeBeginning(head);
    if (known.isEmpty()) {
      return HttpResponse.line(413, "the body is larger than " + limits.bodyInWords());
    }
    var verdict = pipeline.handleTooLarge(route, known.get(), limits.bodyInWords());
    LOG.warn(
        "{} unread: review {} is larger than {}",
        verdict instanceof Decision.Denied ? "denied" : "allowed",
        known.get().uid(),
        limits.bodyInWords());
    return HttpResponse.review(codec.encode(known.get().uid(), verdict));
  }

  private static void log(AdmissionRequest request, Decision decision) {
    switch (decision) {
      case Decision.Allowed allowed -> {}
      case Decision.Denied denied ->
          LOG.info(
              "denied: review {} of {} {}/{} under profile {} for {}",
              request.uid(),
              request.kind(),
              request.namespace(),
              Violation.shorten(request.objectName(), LONGEST_NAME),
              denied.stats().profile(),
              denied.reason() == Decision.Reason.TOO_LARGE ? "its size" : enforcedRules(denied));
      case Decision.Failed failed ->
          LOG.warn(
              "no verdict: review {} of {} {}/{}: {}",
              request.uid(),
              request.kind(),
              request.namespace(),
              Violation.shorten(request.objectName(), LONGEST_NAME),
              failed.message());
    }
  }

  private static String enforcedRules(Decision.Denied denied) {
    return denied.stats().findings().stream()
        .filter(Finding::isEnforced)
        .map(finding -> finding.violation().rule())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
