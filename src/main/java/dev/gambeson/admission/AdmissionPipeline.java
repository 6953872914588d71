package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.AdmissionRequest.Operation;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rules.PodSecurityLevel;
import dev.gambeson.rules.Requester;
import dev.gambeson.rules.Scope;
import dev.gambeson.rules.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The way of an admission request: from its profile through the fixes or the checks to a decision.
 */
public final class AdmissionPipeline {

  /** What is asked for. */
  public enum Webhook {
    MUTATE,
    VALIDATE,
    /** The verdict of the profile {@value #OBSERVING}, which denies nothing. */
    OBSERVE
  }

  private static final String OBSERVING = "observe";

  /**
   * Where a request came in.
   *
   * @param profile the profile in its path; null where it names none
   * @param level the Pod Security level of the namespace in its path
   */
  public record Route(Webhook webhook, @Nullable String profile, PodSecurityLevel level) {}

  private static final String RESIZE = "resize";

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
              "the request has no object on " + request.operation(), Outcome.untouched(choice));
    }
    if (object.path("metadata").hasNonNull("deletionTimestamp")) {
      return Decision.pass(choice);
    }
    try {
      return template.isPod()
          ? pod(enforce, choice, route, request, object)
          : workload(enforce, choice, route, request, template);
    } catch (MalformedReviewException e) {
      return new Decision.Failed(
          Objects.requireNonNullElse(e.getMessage(), ""), Outcome.untouched(choice));
    }
  }

  /**
   * Decides on a request that is too large to be read: what cannot be judged does not pass where
   * anything is enforced. An update of the pod itself passes, for it may be its last; so does a
   * workload, for its pods are still to come.
   *
   * @param bound how large a review may be, in words
   */
  public Decision.Verdict handleTooLarge(Route route, ReviewCodec.Head head, String bound) {
    var current = configuration.get();
    var choice = choose(current, head.namespace(), route);
    var message =
        "Gambeson reads reviews of up to "
            + bound
            + ", and this one is larger: make the pod's manifest smaller"
            + " (long annotations, environment values and arguments belong into a ConfigMap)";
    if (route.webhook() == Webhook.VALIDATE
        && head.kind().equals("Pod")
        && current.enforce()
        && choice.profile().enforcesAnything(clock.instant())
        && (!head.operation().equals("UPDATE") || !head.subResource().isEmpty())) {
      return new Decision.Denied(
          Decision.Reason.TOO_LARGE, message, List.of(), Map.of(), Outcome.untouched(choice));
    }
    return Decision.pass(choice, "not read, neither fixed nor checked: " + message);
  }

  private static Configuration.Choice choose(
      Configuration configuration, String namespace, Route route) {
    return route.webhook() == Webhook.OBSERVE
        ? configuration.named(OBSERVING)
        : configuration.profileFor(namespace, route.profile());
  }

  /** A verdict that comes too late is none: then the failurePolicy would let such a pod pass. */
  private Decision.Verdict tooManyContainers(
      boolean enforce, Configuration.Choice choice, Route route, String message) {
    return route.webhook() == Webhook.VALIDATE
            && enforce
            && choice.profile().enforcesAnything(clock.instant())
        ? new Decision.Denied(
            Decision.Reason.TOO_LARGE, message, List.of(), Map.of(), Outcome.untouched(choice))
        : Decision.pass(choice, "neither fixed nor checked: " + message);
  }

  private Decision pod(
      boolean enforce,
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      JsonNode object)
      throws MalformedReviewException {
    if (!isJudged(request, object)) {
      return Decision.pass(choice);
    }
    var pod = codec.pod(object);
    if (PodTraits.isMirror(pod, request.requester().user(), request.requester().groups())) {
      return Decision.pass(choice);
    }
    var exceeded = ContainerCount.exceeded(object);
    if (exceeded.isPresent()) {
      return tooManyContainers(enforce, choice, route, exceeded.get());
    }
    return switch (route.webhook()) {
      case MUTATE -> mutate(choice, route, request, pod, object);
      case VALIDATE, OBSERVE -> validate(enforce, choice, route, request, pod, object);
    };
  }

  private Decision workload(
      boolean enforce,
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      PodTemplate template)
      throws MalformedReviewException {
    var workloads = new Workloads(enforce, clock.instant(), codec);
    return switch (route.webhook()) {
      case MUTATE -> workloads.fix(choice, route, request, template);
      case VALIDATE, OBSERVE -> workloads.validate(choice, route, request, template);
    };
  }

  private Decision mutate(
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      Pod pod,
      JsonNode object) {
    if (!request.subResource().isEmpty()) {
      return Decision.pass(choice);
    }
    var old = request.oldObject();
    if (request.operation() == Operation.UPDATE) {
      return old == null
          ? Decision.pass(choice)
          : mutateImages(choice, route, request, pod, newImages(object, old));
    }
    var profile = choice.profile();
    var scope =
        choice.scope(request.namespace(), route.level(), request.requester(), clock.instant());
    var skipped = SkippedFixes.of(pod, profile);
    var patch = new PodPatch(pod);

    var fixed = profile.fix(FixMode.APPLY, patch, scope, skipped.granted());
    var applied = changedBy(fixed);
    AppliedAnnotation.write(patch, applied);
    var operations = codec.patch(patch.operations());

    var audited = changedBy(profile.fix(FixMode.AUDIT, patch, scope, skipped.granted()));

    var warnings = new ArrayList<String>(choice.notes());
    warnings.addAll(skipped.notes(profile));
    fixed.forEach(fix -> warnings.addAll(fix.messages()));
    var annotations = new TreeMap<String, String>();
    applied.forEach(rule -> annotations.put("applied." + rule, "true"));
    audited.forEach(rule -> annotations.put("would-apply." + rule, "true"));
    profile.excepted(pod).forEach(rule -> annotations.put("excepted." + rule, "true"));
    for (var spared : profile.spared(pod, scope, skipped.granted())) {
      warnings.addAll(spared.warningLines());
      annotations.put("exempted." + spared.fix().rule(), "true");
    }
    return new Decision.Allowed(
        operations,
        Warnings.limit(warnings),
        annotations,
        new Outcome(
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
  private Decision mutateImages(
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      Pod pod,
      Set<FieldPath> images) {
    var profile = choice.profile();
    var scope =
        choice.scope(request.namespace(), route.level(), Requester.UNKNOWN, clock.instant());
    var skipped = SkippedFixes.of(pod, profile);
    var patch = new PodPatch(pod);
    var fixed = profile.fixImages(patch, scope, skipped.granted());
    var operations =
        patch.operations().stream().filter(operation -> images.contains(operation.path())).toList();
    var applied =
        fixed.stream()
            .filter(fix -> fix.paths().stream().anyMatch(images::contains))
            .map(Fixed::rule)
            .toList();
    var annotations = new TreeMap<String, String>();
    applied.forEach(rule -> annotations.put("applied." + rule, "true"));
    return new Decision.Allowed(
        codec.patch(operations),
        Warnings.limit(choice.notes()),
        annotations,
        new Outcome(
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
      boolean enforce,
      Configuration.Choice choice,
      Route route,
      AdmissionRequest request,
      Pod pod,
      JsonNode object)
      throws MalformedReviewException {
    var profile = choice.profile();
    // Who changes a pod later says nothing of who created it.
    var requester =
        request.operation() == Operation.CREATE ? request.requester() : Requester.UNKNOWN;
    var now = clock.instant();
    var scope = choice.scope(request.namespace(), route.level(), requester, now);
    var skipped = SkippedFixes.of(pod, profile);
    var review = Review.of(profile, new PodPatch(pod), scope, skipped, now, enforce);
    var old = request.oldObject();
    if (old != null && !request.subResource().isEmpty()) {
      var before = new PodPatch(codec.pod(old));
      review = review.since(Review.of(profile, before, scope, skipped, now, enforce));
    }

    var warnings = new ArrayList<String>(choice.notes());
    review.findings().stream()
        .filter(finding -> finding.mode() == CheckMode.WARN)
        .forEach(finding -> warnings.add(finding.message(FieldPath.ROOT)));
    var annotations = Finding.annotations(review.findings(), FieldPath.ROOT);
    for (var fix : review.audited()) {
      if (fix.changedAnything()) {
        annotations.put("would-apply." + fix.rule(), fix.wouldSet());
      }
    }
    review.exempted().forEach(exempted -> warnings.addAll(exempted.warningLines()));
    annotations.putAll(Exempted.annotations(review.exempted()));
    var enforced = review.enforced();
    var healable =
        enforced.isEmpty() || request.operation() != Operation.CREATE
            ? List.<Violation>of()
            : healable(profile, object, scope, skipped.granted(), enforced, now);
    var outcome =
        new Outcome(
            profile.name(),
            choice.unknown(),
            List.of(),
            changedBy(review.audited()),
            review.findings(),
            healable.stream().map(Violation::rule).distinct().toList(),
            Exempted.rules(review.exempted()),
            List.of());
    return enforced.isEmpty()
        ? new Decision.Allowed(null, Warnings.limit(warnings), annotations, outcome)
        : new Decision.Denied(
            Decision.Reason.FORBIDDEN,
            Denial.message(
                profile.name(),
                enforced,
                healable,
                // A resize is of this very pod, and leaves its controller's template as it is.
                request.subResource().equals(RESIZE) ? Mending.at(FieldPath.ROOT) : Mending.of(pod),
                object,
                request.requester().isController() || PodTraits.controller(pod).isPresent()),
            Warnings.limit(warnings),
            annotations,
            outcome);
  }

  /**
   * An update is judged where it brings in a container or an image, as Pod Security does, or new
   * resources; so no update that only lets go of a pod is ever refused.
   */
  private static boolean isJudged(AdmissionRequest request, JsonNode object) {
    var old = request.oldObject();
    return request.operation() == Operation.CREATE
        || old == null
        || request.subResource().equals(RESIZE)
        || !newImages(object, old).isEmpty();
  }

  /** Where an update brings in an image; a container keeps its place as long as the pod lives. */
  private static Set<FieldPath> newImages(JsonNode object, JsonNode old) {
    var images = new HashSet<FieldPath>();
    for (var kind : ContainerRef.Kind.values()) {
      var list = FieldPath.of("spec", kind.field());
      int count = object.at(list.pointer()).size();
      int before = old.at(list.pointer()).size();
      for (int i = 0; i < count; i++) {
        var image = list.index(i).field("image");
        if (i >= before || !object.at(image.pointer()).equals(old.at(image.pointer()))) {
          images.add(image);
        }
      }
    }
    return images;
  }

  /** The enforced violations that the profile's fixes would remove from this new pod. */
  private List<Violation> healable(
      Profile profile,
      JsonNode object,
      Scope scope,
      Set<String> skipped,
      List<Finding> enforced,
      Instant now)
      throws MalformedReviewException {
    var patch = new PodPatch(codec.pod(object));
    profile.fix(FixMode.APPLY, patch, scope, skipped);
    var remaining =
        profile.check(patch.pod(), scope, now).stream()
            .map(Finding::violation)
            .collect(Collectors.toSet());
    return enforced.stream()
        .map(Finding::violation)
        .filter(violation -> !remaining.contains(violation))
        .toList();
  }

  private static List<String> changedBy(List<Fixed> fixed) {
    return fixed.stream().filter(Fixed::changedAnything).map(Fixed::rule).toList();
  }
}
