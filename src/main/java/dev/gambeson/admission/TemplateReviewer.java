package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.advice.FixLocation;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PatchOperation;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.CronJobTimeZone;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.ExemptedFix;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.Judgement;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import dev.gambeson.verdict.SkippedFixes;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges the pods that objects describe, workloads and pods that have not been through the API
 * server: the pod is made what its controller would create and what the API server would send to
 * the webhooks, then fixed and checked as the webhooks do.
 */
public final class TemplateReviewer {
  private static final FieldPath OWNER_REFERENCES = FieldPath.of("metadata", "ownerReferences");

  private final boolean enforce;
  private final Instant now;
  private final Requester requester;
  private final ReviewCodec codec;
  private final AdmissionPlugins plugins;

  /**
   * Creates the reviewer, which knows no objects but those that it judges.
   *
   * @param enforce false turns what would be enforced into warnings
   * @param now the moment of the verdict
   * @param requester who creates Pods; those of templates their controller creates
   */
  public TemplateReviewer(boolean enforce, Instant now, Requester requester, ReviewCodec codec) {
    this(enforce, now, requester, codec, AdmissionPlugins.NONE);
  }

  /**
   * Creates the reviewer.
   *
   * @param plugins what the API server fills in before the webhooks see a pod
   */
  public TemplateReviewer(
      boolean enforce,
      Instant now,
      Requester requester,
      ReviewCodec codec,
      AdmissionPlugins plugins) {
    this.plugins = plugins;
    this.enforce = enforce;
    this.now = now;
    this.requester = requester;
    this.codec = codec;
  }

  /**
   * Refuses an object that is larger than what is judged.
   *
   * @throws MalformedReviewException if it is too large
   */
  public void requireBounds(JsonNode object) throws MalformedReviewException {
    codec.requireBounds(object);
  }

  /**
   * Judges the pod that an object describes.
   *
   * @param apiVersion the object's, which an item of a typed list does not write itself
   * @param kind likewise
   * @param namespace the namespace that the object will be in
   * @param level the Pod Security level that this namespace enforces
   * @return empty where the object describes no pod, or is a workload of another one, which is
   *     judged in its place
   * @throws MalformedReviewException if the pod cannot be read
   */
  public Optional<TemplateReview> review(
      String apiVersion,
      String kind,
      JsonNode object,
      String namespace,
      Configuration.Choice choice,
      PodSecurityLevel level)
      throws MalformedReviewException {
    var template = PodTemplate.of(apiVersion, kind);
    return template.isEmpty()
        ? Optional.empty()
        : review(template.get(), kind, object, namespace, choice, level);
  }

  /**
   * Judges the pod that a part of an object describes.
   *
   * @param template the part
   * @return empty where the part describes no pod, or the object is a workload of another one
   * @throws MalformedReviewException if the pod cannot be read
   */
  public Optional<TemplateReview> review(
      PodTemplate template,
      String kind,
      JsonNode object,
      String namespace,
      Configuration.Choice choice,
      PodSecurityLevel level)
      throws MalformedReviewException {
    if (!template.isPod() && isControlled(object)) {
      return Optional.empty();
    }
    var source = object.at(template.path().pointer());
    if (!source.hasNonNull("spec")) {
      return Optional.empty();
    }
    var metadata = codec.metadata(object);
    var name = name(metadata);
    boolean live = template.isPod() && !Objects.requireNonNullElse(metadata.getUid(), "").isEmpty();

    var pod = pod(source, template);
    if (!live) {
      create(pod, template, object, namespace, name);
    }
    var profile = choice.profile();
    var scope = choice.scope(namespace, level, createdBy(template), now);
    var skipped = live ? SkippedFixes.all(profile) : SkippedFixes.of(pod, profile);
    var document = new DocumentPaths(source.deepCopy(), codec.json(pod));

    var patch = new PodPatch(pod);
    var fixed = profile.fix(FixMode.APPLY, patch, scope, skipped.granted());
    var written = new DocumentPatch(object.deepCopy());
    for (var operation : patch.operations()) {
      apply(operation, document, template, written);
    }
    var allFixed = inObject(fixed, document, template);
    var timeZone =
        (template.owner() == null
                ? Optional.<String>empty()
                : CronJobTimeZone.missingIn(kind, object))
            .flatMap(
                schedule -> CronJobTimeZone.of(profile, schedule, pod, scope, skipped.granted()));
    timeZone
        .filter(zone -> zone.is(CronJobTimeZone.Effect.APPLIED))
        .ifPresent(zone -> {
          allFixed.add(zone.fixResult());
          written.apply(zone.operation().path(), codec.json(zone.zone()));
        });
    var exemptedFixes = profile.exemptedFixes(pod, scope, skipped.granted());
    if (!live) {
      PodDefaults.apply(pod);
    }
    var afterFixes = codec.json(pod);
    var review = Judgement.of(profile, patch, scope, skipped, now, enforce);
    var allAudited = inObject(review.audited(), document, template);
    var places = document.ofFields(afterFixes);
    var exemptedRules = Set.copyOf(Exempted.rules(review.exempted()));
    var findings = new ArrayList<Finding>();
    var filledInLater = new HashMap<Violation, String>();
    for (var finding : review.findings()) {
      if (isDecided(finding.violation(), template) && !isMoot(finding, profile, object)) {
        var located = finding.of(inDocument(finding.violation(), places));
        findings.add(located);
        if (!live) {
          FilledInLater.by(finding.violation().path(), afterFixes)
              .ifPresent(filler -> filledInLater.put(located.violation(), filler));
        }
      }
    }
    timeZone
        .filter(zone -> zone.is(CronJobTimeZone.Effect.WOULD_APPLY))
        .ifPresent(zone -> allAudited.add(zone.fixResult()));
    return Optional.of(
        new TemplateReview(
            kind,
            namespace,
            name,
            choice,
            template.path(),
            allFixed,
            allAudited,
            findings,
            exemptedFixes.stream()
                .filter(fix -> !exemptedRules.contains(fix.fix().rule()))
                .flatMap(fix -> inObject(fix, document, template))
                .toList(),
            review.exempted().stream().map(each -> inDocument(each, places)).toList(),
            written.document(),
            written.edits(),
            skipped,
            template.isPod()
                ? FixLocation.of(PodTraits.controller(pod))
                : FixLocation.at(template.path()),
            filledInLater,
            timeZone));
  }

  /**
   * The pod that a part of an object describes, as the API server sends it to the webhooks when it
   * is created.
   *
   * @throws MalformedReviewException if the pod cannot be read
   */
  public JsonNode created(PodTemplate template, JsonNode object, String namespace)
      throws MalformedReviewException {
    var pod = pod(object.at(template.path().pointer()), template);
    create(pod, template, object, namespace, name(codec.metadata(object)));
    return codec.json(pod);
  }

  private void create(
      Pod pod, PodTemplate template, JsonNode object, String namespace, String name) {
    template.create(pod, namespace, name, claims(object));
    PodDefaults.apply(pod);
    plugins.fill(pod, namespace);
  }

  private static String name(ObjectMeta metadata) {
    return Objects.requireNonNullElse(
        metadata.getName(), Objects.requireNonNullElse(metadata.getGenerateName(), ""));
  }

  private void apply(
      PatchOperation operation,
      DocumentPaths document,
      PodTemplate template,
      DocumentPatch written) {
    var value = operation.value() == null ? null : codec.json(operation.value());
    var place = document.ofChange(operation.path()).map(path -> path.under(template.path()));
    if (value != null && operation.isInsertion()) {
      place.ifPresent(path -> written.insert(path, value));
      document.insert(operation.path(), value);
    } else {
      place.ifPresent(path -> written.apply(path, value));
    }
  }

  /** Whether a controller owns the object. */
  private static boolean isControlled(JsonNode object) {
    return object
        .path("metadata")
        .path("ownerReferences")
        .valueStream()
        .anyMatch(owner -> owner.path("controller").asBoolean());
  }

  /** The names of the claims that a StatefulSet makes for each of its pods. */
  private static List<String> claims(JsonNode object) {
    return object
        .at("/spec/volumeClaimTemplates")
        .valueStream()
        .map(claim -> claim.at("/metadata/name").asText())
        .toList();
  }

  private Pod pod(JsonNode source, PodTemplate template) throws MalformedReviewException {
    var described = source.<ObjectNode>deepCopy();
    if (!described.hasNonNull("metadata")) {
      described.putObject("metadata");
    }
    try {
      return codec.pod(described);
    } catch (MalformedReviewException e) {
      throw e.under(template.path());
    }
  }

  /**
   * Proposes the exemptions that would let the pod of a part of an object pass. One switches off
   * the fix of its rule as well, which may bring out more, or make another needless: so the pod is
   * judged again with them, and without each.
   *
   * @return empty where {@link #review} is
   * @throws MalformedReviewException if the pod cannot be read
   */
  public Optional<ExemptionProposal> propose(
      PodTemplate template,
      String kind,
      JsonNode object,
      String namespace,
      Configuration.Choice choice,
      PodSecurityLevel level)
      throws MalformedReviewException {
    var review = review(template, kind, object, namespace, choice, level);
    if (review.isEmpty()) {
      return Optional.empty();
    }
    var proposal = new ExemptionProposal(review.get(), requester, now);
    Set<Exemption> known;
    do {
      known = proposal.exemptions().keySet();
      var judged =
          review(template, kind, object, namespace, choice.exempting(known), level).orElseThrow();
      proposal.add(judged, codec);
    } while (!proposal.exemptions().keySet().equals(known));
    for (var exemption : known) {
      var others = new HashSet<>(proposal.exemptions().keySet());
      others.remove(exemption);
      var judged =
          review(template, kind, object, namespace, choice.exempting(others), level).orElseThrow();
      if (judged.enforced().size() <= proposal.remainder().size()) {
        proposal.remove(exemption);
      }
    }
    return Optional.of(proposal);
  }

  private Requester createdBy(PodTemplate template) {
    var owner = template.owner();
    return template.isPod()
        ? requester
        : owner == null
            ? Requester.UNKNOWN
            : Requester.serviceAccount("kube-system", owner.account());
  }

  /** Who will own the pods of a PodTemplate is for the one who makes pods of it to say. */
  private static boolean isDecided(Violation violation, PodTemplate template) {
    return template.isPod()
        || template.owner() != null
        || !violation.path().isWithin(OWNER_REFERENCES);
  }

  /**
   * What concerns replicas is no matter for a workload that asks for at most one; but its pods do
   * not tell of that, and are refused all the same.
   */
  private static boolean isMoot(Finding finding, Profile profile, JsonNode object) {
    var replicas = object.at("/spec/replicas");
    return replicas.isInt()
        && replicas.asInt() <= 1
        && !finding.isEnforced()
        && profile.rules().stream()
            .filter(RuleSettings::concernsReplicas)
            .anyMatch(settings -> settings.rule().name().equals(finding.violation().rule()));
  }

  /** What happened to fields that only the API server writes is none of the document's concern. */
  private List<FixResult> inObject(
      List<FixResult> fixed, DocumentPaths document, PodTemplate template) {
    var all = new ArrayList<FixResult>();
    for (var fix : fixed) {
      var there =
          fix.mapped(change ->
              document
                  .ofChange(change.path())
                  .map(path -> inObject(change, path, document, template)));
      if (there.changedAnything() || !there.warnings().isEmpty()) {
        all.add(there);
      }
    }
    return all;
  }

  /** What stood there is the document's word, not a default's. */
  private FixResult.Change inObject(
      FixResult.Change change, FieldPath path, DocumentPaths document, PodTemplate template) {
    boolean isWritten = !document.document().at(path.pointer()).isMissingNode();
    return new FixResult.Change(
        path.under(template.path()),
        change.risk(),
        isWritten && change.before() != null ? codec.json(change.before()) : null,
        change.after() == null ? null : codec.json(change.after()));
  }

  private Stream<ExemptedFix> inObject(
      ExemptedFix exempted, DocumentPaths document, PodTemplate template) {
    return inObject(List.of(exempted.fix()), document, template).stream()
        .map(fix -> new ExemptedFix(fix, exempted.grounds(), exempted.warnings()));
  }

  private static Exempted inDocument(Exempted exempted, DocumentPaths.Fields places) {
    return new Exempted(
        inDocument(exempted.violation(), places), exempted.grounds(), exempted.warnings());
  }

  private static Violation inDocument(Violation violation, DocumentPaths.Fields places) {
    return violation.at(places.place(violation.path()));
  }
}
