package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists. */
record ListType(ValueType element) implements ValueType {

  @Override
  public String wanted() {
    return "a list, each " + element.wanted();
  }

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    if (!node.isArray()) {
      problems.report(path, "must be a list: [a, b]");
      return null;
    }
    var list = new ArrayList<Object>();
    boolean whole = true;
    for (int i = 0; i < node.size(); i++) {
      var value = element.read(node.get(i), path.index(i), problems);
      if (value == null) {
        whole = false;
      } else {
        list.add(value);
      }
    }
    return whole ? list : null;
  }

  /** The elements that can be read; none of fragments, which others may name. */
  @Override
  public @Nullable Object standIn(JsonNode node) {
    if (element instanceof FragmentType) {
      return null;
    }
    return node.valueStream()
        .map(each -> element.read(each, FieldPath.ROOT, ProblemReporter.NOBODY))
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public JsonNode write(Object value) {
    var array = JsonNodeFactory.instance.arrayNode();
    ((List<?>) value).forEach(each -> array.add(element.write(each)));
    return array;
  }

  @Override
  public ObjectNode schema() {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "array");
    schema.set("items", element.schema());
    return schema;
  }

  @Override
  public Object absent() {
    return List.of();
  }
}
