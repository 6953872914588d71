package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key of an object.
 *
 * @param optional whether null stands for its absence
 * @param doc empty where it has none
 * @param getter takes its value out of that of the object
 * @param initial what stands there before a profile says anything; null for nothing
 */
record Component(
    String name,
    ValueType type,
    boolean optional,
    String doc,
    Function<Object, @Nullable Object> getter,
    @Nullable JsonNode initial) {

  @Nullable Object of(Object value) {
    return getter.apply(value);
  }

  /** The same key in objects whose values hold those of this one's. */
  Component within(Function<Object, Object> held) {
    return new Component(
        name, type, optional, doc, outer -> getter.apply(held.apply(outer)), initial);
  }

  Component startingWith(@Nullable JsonNode value) {
    return new Component(name, type, optional, doc, getter, value);
  }

  ObjectNode schema(boolean required) {
    var schema = required ? type.schema() : type.nullableSchema();
    if (!doc.isEmpty()) {
      schema.put("description", doc);
    }
    return initial == null ? schema : schema.set("default", initial);
  }
}
