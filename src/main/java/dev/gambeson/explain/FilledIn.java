package dev.gambeson.explain;

import dev.gambeson.admission.AppliedAnnotation;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.FixResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the fixes wrote into a pod: the fixes of the namespace's profile are applied again to what
 * the author wrote, and what they write is looked for in the pod. The annotation is a hint, for an
 * author may write it too.
 *
 * @param origin what the author wrote
 * @param review of it, under the profile of today
 * @param applied the rules that the annotation names
 * @param fields in the order of the fixes
 * @param notes what the annotation says and the pod does not bear out
 */
record FilledIn(
    Origin origin,
    TemplateReview review,
    Set<String> applied,
    List<FilledField> fields,
    List<String> notes) {
  FilledIn {
    fields = List.copyOf(fields);
    notes = List.copyOf(notes);
  }

  private static final String RESOURCES = "Resources";
  private static final List<String> OTHERS = List.of("kubernetes.io/limit-ranger", "vpaUpdates");

  /**
   * Finds it.
   *
   * @throws MalformedReviewException if what the author wrote cannot be read
   */
  static FilledIn of(ObservedPod observed, ObjectReview reviews) throws MalformedReviewException {
    var applied = applied(observed);
    var origin = Origin.of(observed, applied);
    var review =
        reviews
            .judge(origin.object())
            .orElseThrow(() -> new MalformedReviewException(origin.template(), "describes no pod"))
            .review();
    // An annotation in the template is its author's, and says nothing of what was done to the pod.
    boolean forged =
        origin.source() != Origin.Source.ANNOTATION
            && origin.pod().path("metadata").path("annotations").has(AppliedAnnotation.NAME);
    var fields = new ArrayList<FilledField>();
    var known = new TreeSet<FieldPath>();
    replay(observed, origin, review, applied, forged)
        .filter(field -> known.add(field.path()))
        .forEach(fields::add);
    if (origin.source() == Origin.Source.ANNOTATION) {
      // Where the fixes of today write another value, the author wrote the one that is there.
      known.addAll(writtenToday(observed, origin, review));
    }
    inPlaces(observed, origin, applied, forged)
        .filter(field -> !isKnown(field.path(), known))
        .forEach(fields::add);
    var found = new HashSet<String>();
    fields.forEach(field -> found.add(field.rule()));
    var notes = notes(applied, found, forged);
    if (applied.isEmpty() && fields.isEmpty() && review.changed()) {
      notes.add(
          "created now, it would be changed by the fixes of "
              + review.fixed().stream()
                  .filter(FixResult::changedAnything)
                  .map(FixResult::rule)
                  .collect(Collectors.joining(", "))
              + ": it is older than Gambeson or this profile, or no webhook entry covers it");
    }
    return new FilledIn(origin, review, applied, fields, notes);
  }

  /** Whether a fix of today writes the field, or a field inside it. */
  private static boolean isKnown(FieldPath path, NavigableSet<FieldPath> known) {
    var next = known.ceiling(path);
    return (next != null && next.isWithin(path)) || known.contains(path);
  }

  private static Set<String> applied(ObservedPod observed) {
    var names = new TreeSet<String>();
    for (var name : List.of(observed.annotation(AppliedAnnotation.NAME).split(","))) {
      if (Rules.named(name).isPresent()) {
        names.add(name);
      }
    }
    return Collections.unmodifiableSet(names);
  }

  /** What the fixes write today, as far as the pod has it. */
  private static Stream<FilledField> replay(
      ObservedPod observed,
      Origin origin,
      TemplateReview review,
      Set<String> applied,
      boolean forged) {
    var fixed = review.object().at(origin.template().pointer());
    var counterpart = new Counterpart(fixed, observed.pod());
    int depth = origin.template().depth();
    return review.fixed().stream()
        .flatMap(fix ->
            fix.changes().stream()
                .map(FixResult.Change::path)
                .filter(path -> path.isWithin(origin.template()))
                .map(path -> below(path, depth))
                .flatMap(path -> counterpart.same(path).stream())
                .map(path ->
                    field(
                        fix.rule(),
                        path,
                        observed,
                        certainty(origin, !forged && applied.contains(fix.rule()), forged))));
  }

  private static List<FieldPath> writtenToday(
      ObservedPod observed, Origin origin, TemplateReview review) {
    var counterpart =
        new Counterpart(review.object().at(origin.template().pointer()), observed.pod());
    int depth = origin.template().depth();
    return review.fixed().stream()
        .flatMap(fix -> fix.paths().stream())
        .filter(path -> path.isWithin(origin.template()))
        .flatMap(path -> counterpart.of(below(path, depth)).stream())
        .toList();
  }

  private static Certainty certainty(Origin origin, boolean named, boolean forged) {
    return switch (origin.source()) {
      case ANNOTATION, NEWER_TEMPLATE -> named ? Certainty.LIKELY : Certainty.POSSIBLE;
      case TEMPLATE, LAST_APPLIED ->
          named ? Certainty.CERTAIN : forged ? Certainty.LIKELY : Certainty.POSSIBLE;
    };
  }

  /** What rules write that the annotation names, though their fixes would not write it today. */
  private static Stream<FilledField> inPlaces(
      ObservedPod observed, Origin origin, Set<String> applied, boolean forged) {
    var counterpart = new Counterpart(observed.pod(), origin.pod());
    var certainty =
        (origin.source() == Origin.Source.TEMPLATE || origin.source() == Origin.Source.LAST_APPLIED)
                && !forged
            ? Certainty.LIKELY
            : Certainty.POSSIBLE;
    return applied.stream()
        .flatMap(rule ->
            Places.of(rule, observed.pod()).stream()
                .filter(path -> counterpart.same(path).isEmpty())
                .filter(path -> !rule.equals(RESOURCES) || !isOfOthers(path, observed))
                .map(path ->
                    field(
                        rule,
                        path,
                        observed,
                        // What another webhook injected may have come with it.
                        counterpart.of(path).isPresent() ? certainty : Certainty.POSSIBLE)));
  }

  /** The API server takes a request from its limit; LimitRanger and a VPA write what they say. */
  private static boolean isOfOthers(FieldPath path, ObservedPod observed) {
    var amounts = observed.pod().at(path.parent().parent().pointer());
    var name = path.last().toString();
    return OTHERS.stream().anyMatch(annotation -> !observed.annotation(annotation).isEmpty())
        || (path.parent().last().equals("requests")
            && amounts.path("requests").path(name).equals(amounts.path("limits").path(name)));
  }

  private static FilledField field(
      String rule, FieldPath path, ObservedPod observed, Certainty certainty) {
    return new FilledField(rule, path, observed.pod().at(path.pointer()), certainty);
  }

  private static FieldPath below(FieldPath path, int depth) {
    return path.from(depth);
  }

  private static List<String> notes(Set<String> applied, Set<String> found, boolean forged) {
    var notes = new ArrayList<String>();
    if (forged) {
      notes.add(
          "the author wrote the annotation %s: it proves nothing"
              .formatted(AppliedAnnotation.NAME));
    }
    var absent =
        applied.stream().filter(rule -> !found.contains(rule)).filter(Places::areKnown).toList();
    if (!absent.isEmpty()) {
      notes.add(
          "the annotation %s names %s, but the pod has nothing that the fix writes: the author may"
                  .formatted(AppliedAnnotation.NAME, String.join(", ", absent))
              + " have written the annotation");
    }
    var unknown =
        applied.stream()
            .filter(rule -> !found.contains(rule))
            .filter(rule -> !Places.areKnown(rule))
            .toList();
    if (!unknown.isEmpty()) {
      notes.add(
          "the annotation %s names %s: what the fix wrote cannot be told from the rest of the pod"
              .formatted(AppliedAnnotation.NAME, String.join(", ", unknown)));
    }
    return notes;
  }
}
