package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.rule.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option of a rule as the configuration writes it.
 *
 * @param type what a value must be, in words
 * @param byDefault the value where the configuration says nothing; null where it has none
 * @param doc what it means, in Markdown
 */
public record RuleOption(String name, String type, @Nullable JsonNode byDefault, String doc) {

  /** The options of a rule. */
  public static List<RuleOption> of(Rule rule) {
    var type = RecordType.of(rule.getClass());
    return options(type, type.write(rule));
  }

  /** What an exemption from the rule must say in its values; nothing where it has none. */
  public static List<RuleOption> values(Rule rule) {
    return rule instanceof Rule.Bounded<?> bounded
        ? options(RecordType.of(bounded.values()), MissingNode.getInstance())
        : List.of();
  }

  private static List<RuleOption> options(ObjectType type, JsonNode defaults) {
    return type.components().stream()
        .map(each ->
            new RuleOption(
                each.name(), each.type().wanted(), defaults.get(each.name()), each.doc()))
        .toList();
  }
}
