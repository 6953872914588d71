package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Parts of the JSON schema. */
final class Schemas {
  private Schemas() {}

  /** The schema, which also accepts the {@code null} that removes what another profile says. */
  static ObjectNode orNull(ObjectNode schema) {
    if (schema.path("enum").isArray()) {
      schema.withArray("enum").addNull();
    }
    var type = schema.path("type");
    if (type.isTextual()) {
      schema.set("type", JsonNodeFactory.instance.arrayNode().add(type.textValue()).add("null"));
    } else if (type.isArray()) {
      schema.withArray("type").add("null");
    }
    return schema;
  }
}
