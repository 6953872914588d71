package dev.gambeson.model;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Set;

/** Makes objects in which every field is set, to a value of its own. */
final class FullObject {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Set<String> without;
  private int number;

  /**
   * Creates it.
   *
   * @param without the fields to leave out
   */
  FullObject(Set<String> without) {
    this.without = without;
  }

  JsonNode of(Class<?> type) {
    return object(MAPPER.constructType(type), "");
  }

  private JsonNode object(JavaType type, String field) {
    if (type.isCollectionLikeType()) {
      return MAPPER.createArrayNode().add(object(type.getContentType(), field));
    }
    if (type.isMapLikeType()) {
      var map = MAPPER.createObjectNode();
      map.set("key-" + ++number, object(type.getContentType(), field));
      return map;
    }
    number++;
    var raw = type.getRawClass();
    if (raw == String.class) {
      return MAPPER.getNodeFactory().textNode(field + "-" + number);
    }
    if (raw == Quantity.class) {
      return MAPPER.getNodeFactory().textNode(number + "Mi");
    }
    if (raw == Integer.class || raw == IntOrString.class) {
      return MAPPER.getNodeFactory().numberNode(number);
    }
    if (raw == Long.class) {
      return MAPPER.getNodeFactory().numberNode((1L << 40) + number);
    }
    if (raw == Boolean.class) {
      return MAPPER.getNodeFactory().booleanNode(true);
    }
    var object = MAPPER.createObjectNode();
    for (var property : MAPPER.getSerializationConfig().introspect(type).findProperties()) {
      var name = property.getName();
      if (!without.contains(name) && !name.equals("additionalProperties")) {
        object.set(name, object(property.getPrimaryType(), name));
      }
    }
    return object;
  }
}
