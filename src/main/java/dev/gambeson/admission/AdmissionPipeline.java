package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gambeson.admission.AdmissionRequest.Operation;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.verdict.Configuration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The way of an admission request: from its profile through the fixes or the checks to a decision.
 */
public final class AdmissionPipeline {

  /** In bytes of JSON, which is longer than what etcd stores and refuses beyond 1.5 MiB. */
  private static final int MAX_FIXED = 1024 * 1024;

  private static final String TOO_LARGE_TO_FIX =
      "not fixed: with the fixes the object would be larger than 1 MiB, which etcd may refuse";

  private final Supplier<Configuration> configuration;
  private final InstantSource clock;
  private final ReviewCodec codec;

  /**
   * Creates the pipeline.
   *
   * @param configuration asked once for each request
   */
  public AdmissionPipeline(
      Supplier<Configuration> configuration, InstantSource clock, ReviewCodec codec) {
    this.configuration = configuration;
    this.clock = clock;
    this.codec = codec;
  }

  /** Decides on a request. */
  public Decision handle(Route route, AdmissionRequest request) {
    var current = configuration.get();
    var choice = choose(current, request.namespace(), route);
    boolean enforce = current.enforce() && route.webhook() != Webhook.OBSERVE;
    var template = request.template().orElse(null);
    if (template == null) {
      return Decision.pass(
          choice,
          "Gambeson does not judge the kind "
              + request.kind()
              + ": take it out of the webhook's rules");
    }
    var object = request.object();
    if (object == null) {
      return request.operation() == Operation.DELETE || request.operation() == Operation.CONNECT
          ? Decision.pass(choice)
          : new Decision.Failed(
              "the request has no object on " + request.operation(), ReviewStats.untouched(choice));
    }
    if (request.isOfDeletedObject()) {
      return Decision.pass(choice);
    }
    var excess = object.outline().excess();
    if (excess.isPresent()) {
      return tooLarge(current, choice, route, request, "it has " + excess.get());
    }
    try {
      var context =
          new AdmissionContext(choice, route, request, object, template, enforce, clock.instant());
      var decision =
          template.isPod()
              ? new PodAdmission(context, codec).handle()
              : new WorkloadAdmission(context, codec).handle();
      return canBeStored(decision, object) ? decision : Decision.pass(choice, TOO_LARGE_TO_FIX);
    } catch (TooLargeException e) {
      return tooLarge(current, choice, route, request, "it has " + e.excess());
    } catch (MalformedReviewException e) {
      return new Decision.Failed(
          Objects.requireNonNullElse(e.getMessage(), ""), ReviewStats.untouched(choice));
    }
  }

  /**
   * Decides on a request whose body is too large to be read.
   *
   * @param request what its beginning tells
   * @param bound how large a body may be, in words
   */
  public Decision.Verdict handleTooLarge(Route route, AdmissionRequest request, String bound) {
    var current = configuration.get();
    var choice = choose(current, request.namespace(), route);
    return tooLarge(current, choice, route, request, "its AdmissionReview is larger than " + bound);
  }

  /**
   * What cannot be judged does not pass where anything is enforced: a verdict that comes too late
   * is none, and then the failurePolicy would let such a pod pass. A workload does, for its pods
   * are still to come; so does an update that leaves a pod as it was.
   */
  private Decision.Verdict tooLarge(
      Configuration current,
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      String reason) {
    if (request.leavesExcessAsItWas()) {
      return Decision.pass(choice);
    }
    boolean isPod = request.template().filter(PodTemplate::isPod).isPresent();
    var message =
        "the "
            + (isPod ? "pod" : "pod template")
            + " is too large: "
            + reason
            + ". Make it smaller, or split it into several pods; long strings belong in a ConfigMap";
    return isPod
            && route.webhook() == Webhook.VALIDATE
            && current.enforce()
            && choice.profile().enforcesAnything(clock.instant())
        ? new Decision.Denied(
            Decision.Reason.TOO_LARGE, message, List.of(), Map.of(), ReviewStats.untouched(choice))
        : Decision.pass(choice, "neither fixed nor checked: " + message);
  }

  /** Whether the patch, if any, leaves the object small enough for etcd. */
  private boolean canBeStored(Decision decision, ReviewedObject object) {
    return !(decision instanceof Decision.Allowed allowed)
        || allowed.patch() == null
        || object.length() + allowed.patch().getBytes(UTF_8).length <= MAX_FIXED;
  }

  private static Configuration.Choice choose(
      Configuration configuration, String namespace, Route route) {
    return route.webhook() == Webhook.OBSERVE
        ? configuration.named(Configuration.OBSERVE)
        : configuration.profileFor(namespace, route.profile());
  }
}
