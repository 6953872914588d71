package dev.gambeson.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON in tests, with single quotes: they need no escape in Java. */
public final class SingleQuotedJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SingleQuotedJson() {}

  public static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
