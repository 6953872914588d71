package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps whose keys are free. */
record MapType(ValueType value) implements ValueType {

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, Reporter problems) {
    if (!node.isObject()) {
      problems.report(path, "must be an object: {key: value}");
      return null;
    }
    var map = new LinkedHashMap<String, Object>();
    boolean whole = true;
    for (var entry : node.properties()) {
      var read = value.read(entry.getValue(), path.field(entry.getKey()), problems);
      if (read == null) {
        whole = false;
      } else {
        map.put(entry.getKey(), read);
      }
    }
    return whole ? map : null;
  }

  /** The entries that can be read. */
  @Override
  public Object standIn(JsonNode node) {
    var map = new LinkedHashMap<String, Object>();
    for (var entry : node.properties()) {
      var read = value.read(entry.getValue(), FieldPath.ROOT, Reporter.NOBODY);
      if (read != null) {
        map.put(entry.getKey(), read);
      }
    }
    return map;
  }

  @Override
  public JsonNode write(Object map) {
    var object = JsonNodeFactory.instance.objectNode();
    var sorted = new TreeMap<String, Object>();
    ((Map<?, ?>) map).forEach((key, each) -> sorted.put((String) key, each));
    sorted.forEach((key, each) -> object.set(key, value.write(each)));
    return object;
  }

  @Override
  public ObjectNode schema() {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.set("additionalProperties", Schemas.orNull(value.schema()));
    return schema;
  }

  @Override
  public Object absent() {
    return Map.of();
  }
}
