package dev.gambeson.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.PodSecurity;
import java.time.LocalDate;

/** The JSON schema (draft 2020-12) of the configuration, for editors. */
public final class ConfigurationSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ConfigurationSchema() {}

  /** The schema; ends in a line feed. */
  public static String write() {
    try {
      return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode schema() {
    var schema =
        JSON.objectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("title", "Gambeson configuration")
            .put("type", "object");
    schema.putArray("required").add("apiVersion").add("kind");
    var properties = schema.putObject("properties");
    properties.putObject("apiVersion").put("const", ConfigurationLoader.API_VERSION);
    properties.putObject("kind").put("const", ConfigurationLoader.KIND);
    properties.set(
        "enforcement",
        scalar(
            ConfigurationLoader.Enforcement.class,
            "`warn`: nothing is denied anywhere, every denial becomes a warning."));
    properties.set(
        "defaultProfile", scalar(String.class, "The profile of namespaces that choose none."));
    var namespaces =
        Schemas.orNull(new ListType(new RecordType(NamespaceProfile.class)).schema())
            .put(
                "description",
                "Namespaces that have a profile whatever their label says; the first that matches"
                    + " counts.");
    properties.set("namespaces", namespaces);
    properties.set("exemptions", ExemptionEntries.schema());
    var profiles =
        properties
            .putObject("profiles")
            .put(
                "description",
                "The profiles. One named observe, standard or strict extends the built-in one of"
                    + " that name. Maps merge by key, scalars and lists replace, null removes.");
    profiles.putArray("type").add("object").add("null");
    var names = profiles.putObject("propertyNames");
    names.put("pattern", "^" + ConfigurationLoader.PROFILE_NAME + "$");
    var reserved = names.putObject("not").putArray("enum");
    ConfigurationLoader.RESERVED_NAMES.forEach(reserved::add);
    profiles.putObject("additionalProperties").put("$ref", "#/$defs/profile");
    schema.put("additionalProperties", false);
    schema.putObject("$defs").set("profile", profile());
    return schema;
  }

  private static ObjectNode profile() {
    var profile = JSON.objectNode();
    profile.putArray("type").add("object").add("null");
    var properties = profile.putObject("properties");
    properties.set(
        ProfileLayer.EXTENDS,
        scalar(
            String.class, "The profile whose settings apply where this one is silent, or `none`."));
    properties.set(
        ProfileLayer.POD_SECURITY,
        Schemas.orNull(new RecordType(PodSecurity.class).partialSchema())
            .put("description", "What is done with the controls of the Pod Security Standards."));
    properties.set(
        ProfileLayer.WORKLOADS,
        scalar(
            CheckMode.class,
            "What is done with a workload whose pods would break a rule once they are fixed:"
                + " `enforce` denies it where they would be denied, `warn` only warns."));
    var names = JSON.objectNode();
    Rules.all().stream()
        .filter(rule -> rule instanceof Rule.Fix)
        .map(Rule::name)
        .forEach(names.putArray("enum")::add);
    var skippable =
        properties
            .putObject(ProfileLayer.SKIPPABLE)
            .put(
                "description",
                "The rules whose fix a pod may skip by the annotation gambeson.dev/skip-fixes.");
    skippable.putArray("type").add("array").add("null");
    skippable.set("items", names);
    var rules = properties.putObject(ProfileLayer.RULES);
    rules.putArray("type").add("object").add("null");
    var byName = rules.putObject("properties");
    Rules.all().forEach(rule -> byName.set(rule.name(), rule(rule)));
    rules.put("additionalProperties", false);
    return profile.put("additionalProperties", false);
  }

  private static ObjectNode rule(Rule rule) {
    var type = new RecordType(rule.getClass());
    var schema = Schemas.orNull(type.partialSchema());
    var doc = rule.getClass().getAnnotation(Doc.class);
    if (doc != null) {
      schema.put("description", doc.value().strip());
    }
    var properties = (ObjectNode) schema.get("properties");
    var defaults = type.write(rule);
    for (var option : defaults.properties()) {
      ((ObjectNode) properties.get(option.getKey())).set("default", option.getValue());
    }
    if (rule instanceof Rule.Fix fixing) {
      properties.set(
          ProfileLayer.FIX,
          scalar(
              FixMode.class, "`apply`; `audit`: only count and report what would change; `off`."));
      properties.set(ProfileLayer.EXCEPT, except(fixing.except()));
    }
    if (rule instanceof Rule.Check) {
      properties.set(
          ProfileLayer.CHECK,
          scalar(
              CheckMode.class,
              "What is done with a pod that breaks the rule: it may raise what podSecurity does,"
                  + " never lower it."));
      properties.set(
          ProfileLayer.ENFORCE_FROM,
          scalar(LocalDate.class, "The day from which on (UTC) a check of `warn` enforces."));
    }
    return schema;
  }

  private static ObjectNode except(ExceptedPods byDefault) {
    var type = new RecordType(ExceptedPods.class);
    var schema =
        Schemas.orNull(type.partialSchema())
            .put(
                "description",
                "The pods that the fix leaves alone: what one of the two lists names. The check"
                    + " judges them all the same.");
    return schema.set("default", type.write(byDefault));
  }

  private static ObjectNode scalar(Class<?> type, String description) {
    return Schemas.orNull(ScalarType.of(type).schema()).put("description", description);
  }
}
