package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.AdmissionPlugins;
import dev.gambeson.admission.ExemptionProposal;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.verdict.Configuration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges objects one by one, each as a cluster does that has the others. */
public final class ObjectReview {
  private static final String OBSERVED =
      "profile \"observe\" by the namespace's label gambeson.dev/profile: a cluster follows it only where the"
          + " chart's selectableProfiles lists it, else the default profile judges";

  /** One for all: it learns how to read the model once. */
  private static final ReviewCodec CODEC = new ReviewCodec();

  private final ReviewTerms terms;
  private final Namespaces namespaces = new Namespaces();
  private final TemplateReviewer reviewer;

  /**
   * Creates it.
   *
   * @param known objects that may say how others are judged: Namespaces, LimitRanges and
   *     PriorityClasses
   */
  public ObjectReview(ReviewTerms terms, Stream<KubernetesObject> known) {
    this.terms = terms;
    var plugins = new AdmissionPlugins();
    known.forEach(object -> {
      switch (object.apiVersion() + " " + object.kind()) {
        case "v1 Namespace" -> namespaces.add(object.value());
        case "v1 LimitRange" -> plugins.addLimitRange(namespace(object), object.value());
        case "scheduling.k8s.io/v1 PriorityClass" -> plugins.addPriorityClass(object.value());
        default -> {}
      }
    });
    reviewer =
        new TemplateReviewer(
            terms.configuration().enforce(), terms.now(), terms.requester(), CODEC, plugins);
  }

  /**
   * Judges the pod that an object describes.
   *
   * @return empty where it describes none, or is a workload of another one, which is judged in its
   *     place
   * @throws MalformedReviewException if the pod cannot be read
   */
  public Optional<JudgedObject> judge(KubernetesObject object) throws MalformedReviewException {
    if (PodTemplate.of(object.apiVersion(), object.kind()).isPresent()) {
      reviewer.requireBounds(object.value());
    }
    var where = namespace(object);
    var choice =
        Objects.requireNonNullElseGet(
            terms.choice(),
            () -> terms.configuration().profileFor(where, namespaces.profile(where)));
    var level = namespaces.level(where);
    var reviewed =
        reviewer.review(object.apiVersion(), object.kind(), object.value(), where, choice, level);
    requireContainers(object, reviewed.map(TemplateReview::object).orElse(object.value()));
    var proposal =
        terms.proposesExemptions()
            ? reviewer.propose(
                object.apiVersion(), object.kind(), object.value(), where, choice, level)
            : Optional.<ExemptionProposal>empty();
    return reviewed.map(review ->
        new JudgedObject(
            object,
            review,
            terms.choice() == null && choosesObserve(where) ? List.of(OBSERVED) : List.of(),
            proposal.orElse(null)));
  }

  /** {@code Deployment shop/web}. */
  String title(KubernetesObject object) {
    return object.title(terms.namespace());
  }

  private String namespace(KubernetesObject object) {
    return object.namespace(terms.namespace());
  }

  /** The API server refuses a pod without any, once its webhooks have added theirs. */
  private static void requireContainers(KubernetesObject object, JsonNode fixed)
      throws MalformedReviewException {
    var template = PodTemplate.of(object.apiVersion(), object.kind());
    if (template.isEmpty()) {
      return;
    }
    var containers = template.get().path().field("spec").field("containers");
    if (fixed.at(containers.pointer()).isEmpty()) {
      throw new MalformedReviewException(
          containers, "is missing or empty: a pod has at least one container");
    }
  }

  /** Whether nothing but the label of a namespace puts it under a profile that denies nothing. */
  private boolean choosesObserve(String where) {
    var configuration = terms.configuration();
    var asked = namespaces.profile(where);
    return Configuration.OBSERVE.equals(asked)
        && configuration.profileFor(where, asked).profile().name().equals(Configuration.OBSERVE)
        && !configuration.profileFor(where, null).profile().name().equals(Configuration.OBSERVE);
  }
}
