package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Exemption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exemptions: the type of their values is their rule's. */
record ExemptionType() implements ValueType {
  private static final String RULES = "rules";
  private static final String VALUES = "values";
  private static final List<String> OF_CONTAINERS = List.of("containers", "images");

  /** The values of an exemption from rules without bounds: none are read. */
  private record NoValues() {}

  private static final ObjectType WITHOUT_VALUES = type(NoValues.class);

  private static ObjectType type(Class<?> values) {
    return RecordType.of(
        Exemption.class,
        Map.of(
            RULES,
            new ListType(NameType.RULE),
            "namespaces",
            new ListType(NameType.NAMESPACE_GLOB),
            "containers",
            new ListType(NameType.ANY),
            "images",
            new ListType(NameType.ANY),
            "users",
            new ListType(NameType.ANY),
            "groups",
            new ListType(NameType.ANY),
            VALUES,
            RecordType.of(values)));
  }

  @Override
  public String wanted() {
    return WITHOUT_VALUES.wanted();
  }

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    var rules =
        node.path(RULES)
            .valueStream()
            .flatMap(name -> Rules.named(name.asText()).stream())
            .toList();
    checkSelection(node, path, rules, problems);
    var bounded = rules.stream().filter(Rule.Bounded.class::isInstance).findFirst().orElse(null);
    boolean given = node.hasNonNull(VALUES);
    if (bounded == null && !rules.isEmpty() && given) {
      problems.report(
          path.field(VALUES),
          String.join(", ", rules.stream().map(Rule::name).toList())
              + (rules.size() == 1 ? " has no values" : " have no values"));
    } else if (bounded != null && rules.size() > 1) {
      problems.report(
          path.field(RULES),
          bounded.name() + " needs values, and these are of one rule: give it an entry of its own");
    } else if (bounded instanceof Rule.Bounded<?> one) {
      if (given) {
        return type(one.values()).read(node, path, problems);
      }
      problems.report(
          path.field(VALUES),
          "is missing: pods are exempted from "
              + one.name()
              + " within bounds only, "
              + RecordType.of(one.values()).wanted());
    } else if (!rules.isEmpty()) {
      return WITHOUT_VALUES.read(node, path, problems);
    }
    // What the values should be cannot be said.
    WITHOUT_VALUES.read(
        node instanceof ObjectNode map ? map.deepCopy().without(VALUES) : node, path, problems);
    return null;
  }

  private static void checkSelection(
      JsonNode node, FieldPath path, List<Rule> rules, ProblemReporter problems) {
    for (var component : WITHOUT_VALUES.components()) {
      var list = node.path(component.name());
      if (component.type() instanceof ListType && list.isArray() && list.isEmpty()) {
        problems.report(
            path.field(component.name()), "selects nothing: name something, or leave it out");
      }
    }
    if (node.path("pods").isObject() && node.path("pods").isEmpty()) {
      problems.report(path.field("pods"), "selects every pod: leave it out");
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

  @Override
  public ObjectNode write(Object value) {
    var values = ((Exemption) value).values();
    var written = (values == null ? WITHOUT_VALUES : type(values.getClass())).write(value);
    written.removeIf(each -> each instanceof ArrayNode list && list.isEmpty());
    if (!written.at("/pods/matchLabels").isEmpty()) {
      written.withObject("/pods").removeIf(JsonNode::isEmpty);
    }
    return written;
  }

  @Override
  public ObjectNode schema() {
    var schema = WITHOUT_VALUES.schema();
    schema.withArray("required").add(RULES);
    var values = schema.withObject("properties").withObject(VALUES).retain("description");
    var bounds = values.putArray("anyOf");
    for (var rule : Rules.all()) {
      if (rule instanceof Rule.Bounded<?> bounded) {
        bounds.add(
            RecordType.of(bounded.values()).schema().put("description", "Of " + bounded.name()));
      }
    }
    bounds.addObject().put("type", "null");
    return schema;
  }
}
