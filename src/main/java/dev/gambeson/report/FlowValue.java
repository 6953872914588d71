package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.rule.Violation;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values in one line, as YAML has them in its flow style. */
final class FlowValue {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What stands without quotes for the text that it is. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?!(?:true|false|null|yes|no|on|off|~|[-+.0-9][-+.0-9_:eExXoO]*)$)"
              + "[\\p{L}\\p{N}/_.+][^\\s,\\[\\]{}#:\"'\\\\]*",
          Pattern.CASE_INSENSITIVE);

  private FlowValue() {}

  /** A value of a model, or JSON. */
  static String of(Object value) {
    return Violation.clean(flow(json(value)));
  }

  static JsonNode json(Object value) {
    return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
  }

  private static String flow(JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().map(FlowValue::flow).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value.isObject()) {
      return value
          .propertyStream()
          .map(entry -> text(entry.getKey()) + ": " + flow(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value.isTextual() ? text(value.textValue()) : value.toString();
  }

  private static String text(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
