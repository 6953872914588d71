package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;

/** A value of a configuration, as a message shows it. */
final class ValueInWords {
  private static final int LONGEST = 60;

  private ValueInWords() {}

  static String of(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case NULL, MISSING -> "nothing";
      case STRING -> "\"" + clip(node.textValue()) + "\"";
      case BOOLEAN -> node.asText() + " (quote it if it is a string)";
      default -> clip(node.asText()) + " (quote it if it is a string)";
    };
  }

  private static String clip(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
