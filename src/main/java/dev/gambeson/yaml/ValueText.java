package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.regex.Pattern;

/**
 * Writes values in the style of a text.
 *
 * @param lineBreak between lines
 * @param step how far a mapping in a mapping is indented
 * @param listStep how far the dash of a list in a mapping is indented
 * @param json whether the text is JSON
 */
record ValueText(String lineBreak, int step, int listStep, boolean json) {
  private static final Pattern WORD =
      Pattern.compile("[A-Za-z_/][A-Za-z0-9_./@+-]*(?:[ :][A-Za-z0-9_./@+-]+)*");
  private static final Pattern QUANTITY =
      Pattern.compile("[0-9]+(?:\\.[0-9]+)?(?:m|k|[MGTP]|[KMGTPE]i)");

  /** An entry of a mapping in block style; its key is in column {@code indent}. */
  String blockEntry(String key, JsonNode value, int indent) {
    if (!value.isContainerNode() || value.isEmpty()) {
      return string(key) + ": " + flow(value);
    }
    return string(key)
        + ":"
        + newLine(indentBelow(value, indent))
        + block(value, indentBelow(value, indent));
  }

  /** The column of a collection with a key in column {@code indent}. */
  int indentBelow(JsonNode value, int indent) {
    return indent + (value.isArray() ? listStep : step);
  }

  /** A value in block style; its first line is not indented, since it follows other text. */
  String block(JsonNode value, int indent) {
    if (!value.isContainerNode() || value.isEmpty()) {
      return flow(value);
    }
    var lines = new ArrayList<String>();
    if (value.isArray()) {
      value.forEach(item -> lines.add("- " + block(item, indent + 2)));
    } else {
      value
          .properties()
          .forEach(entry -> lines.add(blockEntry(entry.getKey(), entry.getValue(), indent)));
    }
    return String.join(newLine(indent), lines);
  }

  /** A value in one line. */
  String flow(JsonNode value) {
    var parts = new ArrayList<String>();
    if (value.isArray()) {
      value.forEach(item -> parts.add(flow(item)));
      return "[" + String.join(", ", parts) + "]";
    }
    if (value.isObject()) {
      value.properties().forEach(entry -> parts.add(flowEntry(entry.getKey(), entry.getValue())));
      return "{" + String.join(", ", parts) + "}";
    }
    return value.isTextual() ? string(value.asText()) : value.toString();
  }

  /** An entry of a mapping in one line. */
  String flowEntry(String key, JsonNode value) {
    return string(key) + ": " + flow(value);
  }

  /**
   * A JSON value on several lines; the first is not indented, the last starts at {@code indent}.
   */
  String lines(JsonNode value, int indent) {
    if (!value.isContainerNode() || value.isEmpty()) {
      return flow(value);
    }
    var parts = new ArrayList<String>();
    if (value.isArray()) {
      value.forEach(item -> parts.add(lines(item, indent + step)));
    } else {
      value
          .properties()
          .forEach(entry ->
              parts.add(string(entry.getKey()) + ": " + lines(entry.getValue(), indent + step)));
    }
    return (value.isArray() ? "[" : "{")
        + newLine(indent + step)
        + String.join("," + newLine(indent + step), parts)
        + newLine(indent)
        + (value.isArray() ? "]" : "}");
  }

  /** A line break and the indentation of the next line. */
  String newLine(int indent) {
    return lineBreak + " ".repeat(indent);
  }

  /** A string, as a key or as a value. */
  String string(String text) {
    return !json && (QUANTITY.matcher(text).matches() || isPlain(text))
        ? text
        : TextNode.valueOf(text).toString();
  }

  private static boolean isPlain(String text) {
    try {
      return WORD.matcher(text).matches()
          && YamlScalars.plain(text, new Position(1, 1)).isTextual();
    } catch (YamlException e) {
      return false;
    }
  }
}
