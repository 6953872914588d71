package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Explains pods: asks nobody, and changes nothing. */
public final class Explainer {
  private final Configuration configuration;
  private final Configuration.@Nullable Choice choice;

  /**
   * Creates it.
   *
   * @param choice the profile of the pods; null where their namespace chooses
   */
  public Explainer(Configuration configuration, Configuration.@Nullable Choice choice) {
    this.configuration = configuration;
    this.choice = choice;
  }

  /**
   * Explains a pod.
   *
   * @throws MalformedReviewException if the pod, or the template of its owner, cannot be read
   */
  public Explanation explain(ObservedPod observed, Instant now) throws MalformedReviewException {
    var reviews =
        new ObjectReview(
            new ReviewTerms(
                configuration,
                choice,
                observed.namespaceName(),
                created(observed.pod(), now),
                Requester.UNKNOWN,
                true),
            surroundings(observed));
    var filled = FilledIn.of(observed, reviews);
    var remedies = new Remedies(filled, observed, reviews, now);
    var notes = new ArrayList<>(filled.notes());
    notes.addAll(filled.review().notes());
    notes.addAll(observed.notes());
    return new Explanation(
        observed.namespaceName(),
        observed.name(),
        state(observed.pod().path("status")),
        filled.review().choice().profile().name(),
        filled.origin().title(),
        remedies.place(),
        Diagnoses.of(observed, filled, remedies),
        filled.fields(),
        List.copyOf(filled.applied()),
        notes);
  }

  /** Exemptions and dates count as they did then. */
  private static Instant created(JsonNode pod, Instant now) {
    try {
      return Instant.parse(pod.at("/metadata/creationTimestamp").asText());
    } catch (DateTimeParseException e) {
      return now;
    }
  }

  private static Stream<KubernetesObject> surroundings(ObservedPod observed) {
    return Stream.concat(
        Stream.ofNullable(observed.namespace()).map(each -> object("Namespace", each)),
        observed.limitRanges().stream().map(each -> object("LimitRange", each)));
  }

  private static KubernetesObject object(String kind, JsonNode value) {
    return new KubernetesObject("v1", kind, FieldPath.ROOT, value);
  }

  /** {@code Running, web: CrashLoopBackOff, 3 restarts}. */
  private static String state(JsonNode status) {
    var reason = status.path("reason").asText();
    var containers =
        Stream.of("initContainerStatuses", "containerStatuses")
            .flatMap(list -> status.path(list).valueStream())
            .map(Explainer::ofContainer)
            .filter(text -> !text.isEmpty())
            .limit(10)
            .collect(Collectors.joining("; "));
    return Violation.clean(
        status.path("phase").asText("Unknown")
            + (reason.isEmpty() ? "" : " (" + reason + ")")
            + (containers.isEmpty() ? "" : ", " + containers));
  }

  /** Empty for a container that runs and never failed. */
  private static String ofContainer(JsonNode container) {
    var reason =
        Stream.of("waiting", "terminated")
            .map(name -> container.path("state").path(name).path("reason").asText())
            .filter(each -> !each.isEmpty() && !each.equals("Completed"))
            .findFirst()
            .orElse("");
    int restarts = container.path("restartCount").asInt();
    var facts =
        Stream.of(reason, restarts == 0 ? "" : restarts == 1 ? "1 restart" : restarts + " restarts")
            .filter(fact -> !fact.isEmpty())
            .collect(Collectors.joining(", "));
    return facts.isEmpty() ? "" : container.path("name").asText() + ": " + facts;
  }
}
