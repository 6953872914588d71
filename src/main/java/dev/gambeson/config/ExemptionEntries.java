package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Exemption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The exemptions as the configuration writes them: the type of their values is their rule's. */
final class ExemptionEntries {
  static final FieldPath PATH = FieldPath.of("exemptions");

  private static final String VALUES = "values";
  private static final List<String> OF_CONTAINERS = List.of("containers", "images");
  private static final Pattern NAMESPACE = Pattern.compile(ConfigurationLoader.GLOB);

  private ExemptionEntries() {}

  /** The exemptions of a file; what is wrong with them is reported. */
  static List<Exemption> read(ConfigurationDocument document) {
    var node = document.at(PATH);
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      document.report(PATH, "must be a list of exemptions");
      return List.of();
    }
    var all = new ArrayList<Exemption>();
    for (int i = 0; i < node.size(); i++) {
      read(node.get(i), PATH.index(i), document::report).ifPresent(all::add);
    }
    return all;
  }

  private static Optional<Exemption> read(JsonNode node, FieldPath path, Reporter problems) {
    var rules = rules(node.path("rules"), path.field("rules"), problems);
    checkSelection(node, path, rules, problems);
    var bounded = rules.stream().flatMap(rule -> bounded(rule).stream()).findFirst();
    boolean given = node.hasNonNull(VALUES);
    boolean whole = !rules.isEmpty();
    if (bounded.isPresent() && rules.size() > 1) {
      problems.report(
          path.field("rules"),
          bounded.get().name()
              + " needs values, and these are of one rule: give it an entry of its own");
      whole = false;
    } else if (bounded.isEmpty() && given && !rules.isEmpty()) {
      problems.report(
          path.field(VALUES),
          String.join(", ", rules.stream().map(Rule::name).toList())
              + (rules.size() == 1 ? " has no values" : " have no values"));
      whole = false;
    } else if (bounded.isPresent() && !given && node.isObject()) {
      problems.report(
          path.field(VALUES),
          "is missing: pods are exempted from "
              + bounded.get().name()
              + " within bounds only, an object with "
              + String.join(", ", new RecordType(bounded.get().values()).names()));
      whole = false;
    }
    var type =
        type(bounded.<ValueType>map(rule -> new RecordType(rule.values())).orElse(NO_VALUES));
    var read = type.read(whole ? node : withoutValues(node), path, problems);
    return whole ? Optional.ofNullable((Exemption) read) : Optional.empty();
  }

  /** What they should be cannot be said. */
  private static JsonNode withoutValues(JsonNode node) {
    return node instanceof ObjectNode map ? map.deepCopy().without(VALUES) : node;
  }

  private static List<Rule> rules(JsonNode node, FieldPath path, Reporter problems) {
    var known = Rules.all().stream().map(Rule::name).toList();
    var rules = new ArrayList<Rule>();
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      var name = node.path(i).asText();
      var rule = Rules.named(name);
      if (rule.isEmpty()) {
        problems.report(
            path.index(i), "there is no rule \"" + name + "\"" + Suggestion.text(name, known));
      }
      rule.ifPresent(rules::add);
    }
    return rules;
  }

  private static void checkSelection(
      JsonNode node, FieldPath path, List<Rule> rules, Reporter problems) {
    for (var key : List.of("rules", "namespaces", "containers", "images", "users", "groups")) {
      var list = node.path(key);
      if (list.isArray() && list.isEmpty()) {
        problems.report(path.field(key), "selects nothing: name something, or leave it out");
      }
      for (int i = 0; i < list.size(); i++) {
        if (list.path(i).isTextual() && list.path(i).textValue().isBlank()) {
          problems.report(path.field(key).index(i), "is empty");
        }
      }
    }
    if (node.path("pods").isObject() && node.path("pods").isEmpty()) {
      problems.report(path.field("pods"), "selects every pod: leave it out");
    }
    var namespaces = node.path("namespaces");
    for (int i = 0; i < namespaces.size(); i++) {
      var glob = namespaces.path(i).asText();
      if (!glob.isBlank() && !NAMESPACE.matcher(glob).matches()) {
        problems.report(
            path.field("namespaces").index(i),
            "must be the name of a namespace, in which * stands for any characters");
      }
    }
    for (var key : OF_CONTAINERS) {
      if (node.hasNonNull(key)) {
        rules.stream()
            .filter(rule -> rule.containerKinds().isEmpty())
            .forEach(rule ->
                problems.report(
                    path.field(key),
                    rule.name() + " looks at the pod as a whole: leave out " + key));
      }
    }
  }

  private static Optional<Rule.Bounded<?>> bounded(Rule rule) {
    return rule instanceof Rule.Bounded<?> bounded ? Optional.of(bounded) : Optional.empty();
  }

  /** What an exemption of rules without values may say of them: nothing is read. */
  private static final RecordType NO_VALUES = new RecordType(NoValues.class);

  private record NoValues() {}

  private static RecordType type(ValueType values) {
    return new RecordType(Exemption.class, Map.of(VALUES, values));
  }

  static JsonNode write(List<Exemption> exemptions) {
    var list = JsonNodeFactory.instance.arrayNode();
    exemptions.forEach(exemption -> list.add(write(exemption)));
    return list;
  }

  private static ObjectNode write(Exemption exemption) {
    var values = exemption.values();
    var written =
        type(values == null ? NO_VALUES : new RecordType(values.getClass())).write(exemption);
    written.removeIf(each -> each instanceof ArrayNode list && list.isEmpty());
    if (!written.at("/pods/matchLabels").isEmpty()) {
      written.withObject("/pods").removeIf(JsonNode::isEmpty);
    }
    return written;
  }

  static ObjectNode schema() {
    var entry = type(NO_VALUES).schema();
    var values = JsonNodeFactory.instance.objectNode();
    var bounds = values.putArray("anyOf");
    for (var rule : Rules.all()) {
      bounded(rule)
          .ifPresent(each ->
              bounds.add(
                  new RecordType(each.values()).schema().put("description", "Of " + each.name())));
    }
    bounds.addObject().put("type", "null");
    entry.withObject("properties").set(VALUES, values);
    entry.withArray("required").add("rules");
    var list = JsonNodeFactory.instance.objectNode();
    list.putArray("type").add("array").add("null");
    list.set("items", entry);
    return list.put(
        "description",
        "What pods may do although their profile refuses it. Each needs `namespaces`, `users` or"
            + " `groups`.");
  }
}
