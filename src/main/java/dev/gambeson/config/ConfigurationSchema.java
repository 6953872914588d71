package dev.gambeson.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** The JSON schema (draft 2020-12) of the configuration, for editors. */
public final class ConfigurationSchema {
  private ConfigurationSchema() {}

  /** The schema; ends in a line feed. */
  public static String write() {
    var schema =
        JsonNodeFactory.instance
            .objectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("title", "Gambeson configuration");
    schema.setAll(GambesonConfig.TYPE.schema());
    schema.putObject("$defs").set("profile", ProfileConfig.TYPE.nullableSchema());
    try {
      return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
