package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import org.jspecify.annotations.Nullable;

/** How the configuration writes values of one Java type: to read, to write and to describe them. */
interface ValueType {

  /** What a value must be, in words. */
  String wanted();

  /** The value of a node; null where something was reported. */
  @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems);

  /** The node of a value; it reads back as an equal one. */
  JsonNode write(Object value);

  /** The JSON schema of the nodes. */
  ObjectNode schema();

  /** The schema, which also accepts the {@code null} that removes what another profile says. */
  default ObjectNode nullableSchema() {
    var schema = schema();
    if (schema.has("enum")) {
      schema.withArray("enum").addNull();
    }
    var type = schema.path("type");
    if (type.isTextual()) {
      schema.putArray("type").add(type.textValue()).add("null");
    } else if (type.isArray()) {
      schema.withArray("type").add("null");
    }
    return schema;
  }

  /** What an absent node stands for; null where it must not be absent. */
  default @Nullable Object absent() {
    return null;
  }

  /**
   * What takes the place of a value that cannot be read, so that what is beside it is checked all
   * the same; null where nothing can.
   */
  default @Nullable Object standIn(JsonNode node) {
    return null;
  }

  /** Whether a profile adds to what it extends key by key, rather than replace it as a whole. */
  default boolean mergesByKey() {
    return false;
  }

  /** The type of what stands at a key; null where there is no such key. */
  default @Nullable ValueType at(String key) {
    return null;
  }
}
