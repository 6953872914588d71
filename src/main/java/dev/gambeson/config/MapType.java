package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gambeson.pod.FieldPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Objects whose keys are names that the user chooses. */
record MapType(ValueType key, ValueType value) implements ValueType {
  private static final ScalarType ANY = ScalarType.of(String.class);

  MapType(ValueType value) {
    this(ANY, value);
  }

  @Override
  public String wanted() {
    return "an object, each value " + value.wanted();
  }

  @Override
  public boolean mergesByKey() {
    return true;
  }

  @Override
  public ValueType at(String name) {
    return value;
  }

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    if (!node.isObject()) {
      problems.report(path, "must be an object: {key: value}");
      return null;
    }
    var map = new LinkedHashMap<String, Object>();
    boolean whole = true;
    for (var entry : node.properties()) {
      var at = path.field(entry.getKey());
      var name = key.read(TextNode.valueOf(entry.getKey()), at, problems);
      var read = value.read(entry.getValue(), at, problems);
      if (name == null || read == null) {
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
      var read = value.read(entry.getValue(), FieldPath.ROOT, ProblemReporter.NOBODY);
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
    ((Map<?, ?>) map).forEach((name, each) -> sorted.put((String) name, each));
    sorted.forEach((name, each) -> object.set(name, value.write(each)));
    return object;
  }

  @Override
  public ObjectNode schema() {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    if (!key.equals(ANY)) {
      schema.set("propertyNames", key.schema());
    }
    return schema.set("additionalProperties", value.nullableSchema());
  }

  @Override
  public Object absent() {
    return Map.of();
  }
}
