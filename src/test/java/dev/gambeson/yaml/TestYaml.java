package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;

/** YAML in tests. */
public final class TestYaml {
  private TestYaml() {}

  /** The value of the first document. */
  public static JsonNode value(String text) throws YamlException {
    return YamlReader.readAll(text).getFirst().value();
  }
}
