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
    var defaults = rule;
    return new RecordType(defaults.getClass())
        .components().stream()
            .map(component -> {
              var value = component.of(defaults);
              return new RuleOption(
                  component.name(),
                  words(component.type()),
                  value == null ? null : component.type().write(value),
                  component.doc());
            })
            .toList();
  }

  /** What an exemption from the rule must say in its values; nothing where it has none. */
  public static List<RuleOption> values(Rule rule) {
    return rule instanceof Rule.Bounded<?> bounded
        ? new RecordType(bounded.values())
            .components().stream()
                .map(component ->
                    new RuleOption(
                        component.name(), words(component.type()), null, component.doc()))
                .toList()
        : List.of();
  }

  private static String words(ValueType type) {
    return switch (type) {
      case ScalarType scalar -> scalar.wanted();
      case ListType list -> "a list, each " + words(list.element());
      case MapType map -> "an object, each value " + words(map.value());
      case RecordType fields -> "an object with " + String.join(", ", fields.names());
      case FragmentType fragment -> fragment.wanted();
    };
  }
}
