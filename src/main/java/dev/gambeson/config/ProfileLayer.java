package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one file says about one profile. */
record ProfileLayer(ConfigurationDocument document, FieldPath path) {
  static final String EXTENDS = "extends";
  static final String NONE = "none";
  static final String POD_SECURITY = "podSecurity";
  static final String WORKLOADS = "workloads";
  static final String SKIPPABLE = "skippable";
  static final String RULES = "rules";
  static final String FIX = "fix";
  static final String EXCEPT = "except";
  static final String CHECK = "check";
  static final String ENFORCE_FROM = "enforceFrom";

  static final List<String> KEYS = List.of(EXTENDS, POD_SECURITY, WORKLOADS, SKIPPABLE, RULES);
  static final List<String> RULE_KEYS = List.of(FIX, EXCEPT, CHECK, ENFORCE_FROM);

  String name() {
    return (String) path.last();
  }

  /** The profile as it is written; empty where it is no map. */
  ObjectNode tree() {
    return document.at(path) instanceof ObjectNode map
        ? map
        : JsonNodeFactory.instance.objectNode();
  }

  /** The profile that this one says it extends. */
  @Nullable String base() {
    return tree().path(EXTENDS).textValue();
  }

  boolean says(FieldPath below) {
    return !document.at(below.under(path)).isMissingNode();
  }

  boolean builtIn() {
    return document.source().equals(ConfigurationLoader.BUILT_IN);
  }

  void report(FieldPath below, String message) {
    document.report(below.under(path), message);
  }

  Problem problem(FieldPath below, String message) {
    return document.problem(below.under(path), message);
  }

  /** Reports the keys that nobody reads, and those that their rule has no use for. */
  void checkKeys() {
    var profile = document.at(path);
    if (!profile.isObject()) {
      if (!profile.isNull()) {
        report(FieldPath.ROOT, "must be an object with " + String.join(", ", KEYS));
      }
      return;
    }
    unknownKeys(FieldPath.ROOT, profile, KEYS, "there is no such key");
    var rules = profile.path(RULES);
    if (!rules.isObject()) {
      if (!rules.isMissingNode() && !rules.isNull()) {
        report(FieldPath.of(RULES), "must be an object of rules");
      }
      return;
    }
    unknownKeys(
        FieldPath.of(RULES),
        rules,
        Rules.all().stream().map(Rule::name).toList(),
        "there is no such rule");
    for (var rule : Rules.all()) {
      checkRule(rule, rules.path(rule.name()));
    }
  }

  private void checkRule(Rule rule, JsonNode settings) {
    var at = FieldPath.of(RULES, rule.name());
    if (!settings.isObject()) {
      if (!settings.isMissingNode() && !settings.isNull()) {
        report(at, "must be an object, {fix: apply} for example");
      }
      return;
    }
    var options = new RecordType(rule.getClass()).names();
    unknownKeys(
        at,
        settings,
        Stream.concat(RULE_KEYS.stream(), options.stream()).toList(),
        "the rule has no such option");
    for (var key : List.of(FIX, EXCEPT)) {
      if (settings.has(key) && !(rule instanceof Rule.Fix)) {
        report(at.field(key), "the rule has no fix: it only checks");
      }
    }
    for (var key : List.of(CHECK, ENFORCE_FROM)) {
      if (settings.has(key) && !(rule instanceof Rule.Check)) {
        report(at.field(key), "the rule has no check: it only fixes");
      }
    }
  }

  private void unknownKeys(FieldPath at, JsonNode map, Collection<String> known, String complaint) {
    map.fieldNames()
        .forEachRemaining(key -> {
          if (!known.contains(key)) {
            report(at.field(key), complaint + Suggestion.text(key, known));
          }
        });
  }

  /** The layers of a file's profiles. */
  static List<ProfileLayer> of(ConfigurationDocument document) {
    var path = FieldPath.of("profiles");
    return Optional.of(document.at(path)).filter(JsonNode::isObject).stream()
        .flatMap(profiles -> profiles.propertyStream())
        .map(entry -> new ProfileLayer(document, path.field(entry.getKey())))
        .toList();
  }
}
