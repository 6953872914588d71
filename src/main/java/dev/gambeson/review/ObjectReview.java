package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.AdmissionPlugins;
import dev.gambeson.admission.ExemptionProposal;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.pod.EffectiveResources;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges objects one by one, each as a cluster does that has the others. */
public final class ObjectReview {
  private static final String OBSERVED =
      "profile \"observe\" by the namespace's label gambeson.dev/profile: a cluster follows it only where the"
          + " chart's selectableProfiles lists it, else the default profile judges";

  private static final int MOST_TEMPLATES = 100;

  /** One for all: it learns how to read the model once. */
  private static final ReviewCodec CODEC = new ReviewCodec();

  private final ReviewTerms terms;
  private final Namespaces namespaces = new Namespaces();
  private final WebhookEntries entries = new WebhookEntries();
  private final TemplateReviewer reviewer;

  /**
   * Creates it.
   *
   * @param known objects that may say how others are judged: Namespaces, LimitRanges,
   *     PriorityClasses and webhook configurations
   */
  public ObjectReview(ReviewTerms terms, Stream<KubernetesObject> known) {
    this.terms = terms;
    var plugins = new AdmissionPlugins();
    known.forEach(object -> {
      switch (object.apiVersion() + " " + object.kind()) {
        case "v1 Namespace" -> namespaces.add(object.value());
        case "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration",
            "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration" ->
            entries.add(object.value());
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
   * Judges the pod that an object describes whose kind Kubernetes defines.
   *
   * @return empty where it describes none, or is a workload of another one, which is judged in its
   *     place
   * @throws MalformedReviewException if the pod cannot be read
   */
  public Optional<JudgedObject> judge(KubernetesObject object) throws MalformedReviewException {
    var template = PodTemplate.of(object.apiVersion(), object.kind());
    if (template.isEmpty()) {
      return Optional.empty();
    }
    reviewer.requireBounds(object.value());
    var judged = judge(object, template.get());
    requireContainers(
        template.get(), judged.map(each -> each.review().object()).orElse(object.value()));
    return judged;
  }

  /**
   * Judges every pod that an object describes, whatever its kind is.
   *
   * @throws MalformedReviewException if one cannot be read, or there are too many
   */
  public List<JudgedObject> judgeAll(KubernetesObject object) throws MalformedReviewException {
    var templates = TemplateSearch.in(object);
    if (templates.isEmpty()) {
      return judge(object).stream().toList();
    }
    if (templates.size() > MOST_TEMPLATES) {
      throw new MalformedReviewException(
          FieldPath.ROOT, "describes more than " + MOST_TEMPLATES + " pods");
    }
    reviewer.requireBounds(object.value());
    var judged = new ArrayList<JudgedObject>();
    for (var template : templates) {
      try {
        judge(object, template).ifPresent(judged::add);
      } catch (MalformedReviewException e) {
        // No pod: something else has that shape.
      }
    }
    return judged;
  }

  /** Judges every pod that an object describes; problems learn what cannot be judged. */
  List<JudgedObject> judgeAll(KubernetesObject object, List<String> problems) {
    try {
      return judgeAll(object);
    } catch (MalformedReviewException e) {
      problems.add(Violation.clean(title(object) + ": " + e.getMessage()));
    } catch (RuntimeException e) {
      problems.add(
          Violation.clean(
              title(object)
                  + ": not judged, by a mistake of Gambeson's: "
                  + ManifestReview.mistake(e)));
    }
    return List.of();
  }

  private Optional<JudgedObject> judge(KubernetesObject object, PodTemplate template)
      throws MalformedReviewException {
    var where = namespace(object);
    var choice =
        Objects.requireNonNullElseGet(
            terms.choice(), () -> terms.configuration().profileFor(where, asked(where)));
    var level = level(object);
    var reviewed = reviewer.review(template, object.kind(), object.value(), where, choice, level);
    var proposal =
        terms.proposesExemptions()
            ? reviewer.propose(template, object.kind(), object.value(), where, choice, level)
            : Optional.<ExemptionProposal>empty();
    return reviewed.map(review ->
        new JudgedObject(
            object,
            review,
            terms.choice() == null && choosesObserve(where) ? List.of(OBSERVED) : List.of(),
            proposal.orElse(null)));
  }

  /** The profile that a namespace asks for, as far as webhook entries are known that ask for it. */
  private @Nullable String asked(String where) {
    return entries.profile(namespaces.labels(where)).orElse(namespaces.profile(where));
  }

  /** Which known namespaces the known webhooks do not cover, or not wholly, in lines. */
  List<String> uncovered() {
    return entries.uncovered(namespaces);
  }

  /** What a pod of a judged object asks for once it is fixed, as a ResourceQuota counts it. */
  Map<String, BigDecimal> resources(JudgedObject judged) throws MalformedReviewException {
    var review = judged.review();
    var template = new PodTemplate(review.template(), null);
    var pod = CODEC.pod(reviewer.created(template, review.object(), review.namespace()));
    var all = new TreeMap<String, BigDecimal>();
    EffectiveResources.of(pod.getSpec(), ResourceRequirements::getRequests)
        .forEach((name, amount) -> all.put("requests." + name, amount));
    EffectiveResources.of(pod.getSpec(), ResourceRequirements::getLimits)
        .forEach((name, amount) -> all.put("limits." + name, amount));
    return all;
  }

  /** {@code Deployment shop/web}. */
  String title(KubernetesObject object) {
    return object.title(terms.namespace());
  }

  /**
   * The pod that an object describes, as the API server sends it to the webhooks when it is
   * created.
   *
   * @throws MalformedReviewException if the pod cannot be read
   */
  public JsonNode created(JudgedObject judged, PodTemplate template)
      throws MalformedReviewException {
    return reviewer.created(template, judged.source().value(), namespace(judged.source()));
  }

  /** The Pod Security level that the object's namespace enforces. */
  public PodSecurityLevel level(KubernetesObject object) {
    return namespaces.level(namespace(object));
  }

  /** The namespace that the object is created in. */
  public String namespace(KubernetesObject object) {
    return object.namespace(terms.namespace());
  }

  /** The API server refuses a pod without any, once its webhooks have added theirs. */
  private static void requireContainers(PodTemplate template, JsonNode fixed)
      throws MalformedReviewException {
    var containers = template.path().field("spec").field("containers");
    if (fixed.at(containers.pointer()).isEmpty()) {
      throw new MalformedReviewException(
          containers, "is missing or empty: a pod has at least one container");
    }
  }

  /** Whether nothing but the label of a namespace puts it under a profile that denies nothing. */
  private boolean choosesObserve(String where) {
    var configuration = terms.configuration();
    var asked = namespaces.profile(where);
    return entries.isEmpty()
        && Configuration.OBSERVE.equals(asked)
        && configuration.profileFor(where, asked).profile().name().equals(Configuration.OBSERVE)
        && !configuration.profileFor(where, null).profile().name().equals(Configuration.OBSERVE);
  }
}
