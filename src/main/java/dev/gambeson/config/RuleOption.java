package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
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
    return RecordType.of(rule.getClass()).components().stream()
        .map(component -> {
          var value = component.of(rule);
          return new RuleOption(
              component.name(),
              component.type().wanted(),
              value == null ? null : component.type().write(value),
              component.doc());
        })
        .toList();
  }

  /** What an exemption from the rule must say in its values; nothing where it has none. */
  public static List<RuleOption> values(Rule rule) {
    return rule instanceof Rule.Bounded<?> bounded
        ? RecordType.of(bounded.values()).components().stream()
            .map(component ->
                new RuleOption(component.name(), component.type().wanted(), null, component.doc()))
            .toList()
        : List.of();
  }
}
