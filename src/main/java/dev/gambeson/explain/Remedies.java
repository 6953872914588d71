package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.ExemptionProposal;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.advice.Snippet;
import dev.gambeson.config.ConfigurationWriter;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import dev.gambeson.yaml.CommentedValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the ways to help a pod, for the object that its author edits. */
final class Remedies {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final FilledIn filled;
  private final ObjectReview reviews;
  private final Instant now;
  private final Counterpart inOrigin;
  private final Place place;

  /**
   * Creates it.
   *
   * @param now the moment from which on exemptions exempt
   */
  Remedies(FilledIn filled, ObservedPod observed, ObjectReview reviews, Instant now) {
    this.filled = filled;
    this.reviews = reviews;
    this.now = now;
    inOrigin = new Counterpart(observed.pod(), filled.origin().pod());
    place = Place.of(observed, filled);
  }

  /** Where the author fixes the pod, in a sentence. */
  String place() {
    return place.sentence();
  }

  /**
   * Where the author fixes the pod.
   *
   * @param prefix where the pod stands there
   */
  private record Place(String sentence, FieldPath prefix) {

    static Place of(ObservedPod observed, FilledIn filled) {
      var owner = observed.owner();
      if (owner == null) {
        var location = filled.review().fixLocation();
        return location.place().isEmpty()
            ? new Place(
                "Fix the manifest of Pod \"%s\", delete the pod and create it again."
                    .formatted(observed.name()),
                FieldPath.ROOT)
            : new Place(location.place(), location.prefix());
      }
      var top =
          owner
              .value()
              .at("/metadata/ownerReferences")
              .valueStream()
              .filter(each -> each.path("controller").asBoolean())
              .findFirst();
      return top.map(each -> of(each.path("apiVersion").asText(), each))
          .orElseGet(() -> in(owner.apiVersion(), owner.kind(), owner.value().path("metadata")));
    }

    private static Place of(String apiVersion, JsonNode reference) {
      return in(apiVersion, reference.path("kind").asText(), reference);
    }

    private static Place in(String apiVersion, String kind, JsonNode named) {
      var title = Violation.clean("%s \"%s\"".formatted(kind, named.path("name").asText()));
      return PodTemplate.of(apiVersion, kind)
          .map(template ->
              new Place(
                  kind.equals("Job")
                      ? "Fix the manifest of %s under %s, delete the Job and create it again."
                          .formatted(title, template.path())
                      : "Fix %s, under %s.".formatted(title, template.path()),
                  template.path()))
          .orElseGet(() ->
              new Place("Fix %s, where it describes its pods.".formatted(title), FieldPath.ROOT));
    }
  }

  /** The remedies that a suspect has for what a fix wrote, the best first. */
  List<Diagnosis.Remedy> of(Suspect suspect, Hit hit, FilledField field) {
    var remedies = new LinkedHashSet<Diagnosis.Remedy>();
    for (var idea : suspect.ideas()) {
      idea.of(hit, field)
          .flatMap(advice -> remedy(advice, suspect.rule(), hit))
          .ifPresent(remedies::add);
    }
    return List.copyOf(remedies);
  }

  private Optional<Diagnosis.Remedy> remedy(Idea.Advice advice, String rule, Hit hit) {
    if (advice.settings().isEmpty()) {
      return exemption(advice.what(), rule, hit);
    }
    var settings = new ArrayList<Setting>();
    for (var setting : advice.settings()) {
      var path = inOrigin.of(setting.path());
      if (path.isEmpty()) {
        return exemption("Exempt it: no template has it, another webhook adds it", rule, hit);
      }
      settings.add(new Setting(path.get(), setting.value()));
    }
    return Optional.of(new Diagnosis.Remedy(advice.what(), yaml(settings), exemptions(settings)));
  }

  /** Empty for a rule whose exemptions need bounds: those that nothing refuses have none. */
  private Optional<Diagnosis.Remedy> exemption(String what, String name, Hit hit) {
    return Rules.named(name)
        .filter(rule -> !(rule instanceof Rule.Bounded<?>))
        .map(rule -> ExemptionProposal.ofFix(filled.review(), rule, hit.container(), now))
        .map(exemption ->
            new Diagnosis.Remedy(what, "", List.of(ConfigurationWriter.form(exemption))));
  }

  private String yaml(List<Setting> settings) {
    var violations =
        settings.stream()
            .map(setting ->
                new Violation("", null, null, setting.path(), "", "", List.of(), setting.value()))
            .toList();
    return Snippet.yaml(violations, filled.origin().pod(), place.prefix());
  }

  /** What the profile needs to let the template pass with the settings, and not without them. */
  private List<String> exemptions(List<Setting> settings) {
    ObjectNode changed = filled.origin().object().value().deepCopy();
    var pod = changed.at(filled.origin().template().pointer());
    settings.forEach(setting -> write(setting, pod));
    var object = filled.origin().object();
    try {
      var judged =
          reviews.judge(
              new KubernetesObject(object.apiVersion(), object.kind(), FieldPath.ROOT, changed));
      var broken =
          filled.review().findings().stream()
              .map(finding -> finding.violation().rule() + " " + finding.violation().path())
              .collect(Collectors.toSet());
      return judged.stream()
          .flatMap(each -> Optional.ofNullable(each.proposal()).stream())
          .flatMap(proposal -> proposal.exemptions().entrySet().stream())
          .filter(entry ->
              entry.getValue().stream()
                  .map(finding -> finding.violation().rule() + " " + finding.violation().path())
                  .anyMatch(finding -> !broken.contains(finding)))
          .map(Map.Entry::getKey)
          .map(ConfigurationWriter::form)
          .toList();
    } catch (MalformedReviewException e) {
      return List.of();
    }
  }

  private static void write(Setting setting, JsonNode pod) {
    var here = pod;
    var segments = setting.path().segments();
    for (int i = 0; i + 1 < segments.size(); i++) {
      boolean list = segments.get(i + 1) instanceof Integer;
      here = child(here, segments.get(i), list);
    }
    var value = withoutComments(setting.value());
    if (value.isNull()) {
      return;
    }
    switch (here) {
      case ObjectNode object -> object.set(segments.getLast().toString(), value);
      case ArrayNode array when segments.getLast() instanceof Integer i && array.has(i) ->
          array.set(i, value);
      case ArrayNode array -> array.add(value);
      default -> throw new IllegalStateException(setting.path() + " has no parent");
    }
  }

  /** Null where only the author knows the value. */
  private static JsonNode withoutComments(@Nullable Object value) {
    return switch (value) {
      case CommentedValue commented -> withoutComments(commented.value());
      case Map<?, ?> map -> {
        var object = MAPPER.createObjectNode();
        map.forEach((key, each) -> object.set(key.toString(), withoutComments(each)));
        yield object;
      }
      case null -> NullNode.getInstance();
      default -> MAPPER.valueToTree(value);
    };
  }

  private static JsonNode child(JsonNode here, Object segment, boolean list) {
    var present = segment instanceof Integer i ? here.path(i) : here.path(segment.toString());
    if (present.isContainerNode()) {
      return present;
    }
    var made = list ? MAPPER.createArrayNode() : MAPPER.createObjectNode();
    switch (here) {
      case ObjectNode object -> object.set(segment.toString(), made);
      case ArrayNode array -> array.add(made);
      default -> throw new IllegalStateException(segment + " has no parent");
    }
    return made;
  }
}
