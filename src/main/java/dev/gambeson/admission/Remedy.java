package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Violation;
import dev.gambeson.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The YAML that mends violations, merged into one piece to paste. */
public final class Remedy {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Remedy() {}

  /**
   * The YAML that mends what of these violations can be mended by setting a field; empty where none
   * can.
   *
   * @param root the object in which the violations were found: elements of lists are shown by their
   *     names in it
   * @param prefix where in {@code root} the pod stands
   */
  public static String yaml(List<Violation> violations, JsonNode root, FieldPath prefix) {
    var tree = new Branch();
    for (var violation : violations) {
      if (violation.remedy() != null) {
        tree.set(
            violation.path().under(prefix).segments(),
            MAPPER.convertValue(violation.remedy(), Object.class));
      }
    }
    return tree.children.isEmpty() ? "" : YamlWriter.write(tree.plain(root));
  }

  /** An object or list under construction; the leaves are values. */
  private static final class Branch {
    private final Map<Object, Object> children = new LinkedHashMap<>();

    void set(List<Object> segments, Object value) {
      var first = segments.getFirst();
      if (segments.size() == 1) {
        children.put(first, value);
      } else if (children.computeIfAbsent(first, key -> new Branch()) instanceof Branch branch) {
        branch.set(segments.subList(1, segments.size()), value);
      }
    }

    Object plain(JsonNode here) {
      boolean list = children.keySet().stream().allMatch(Integer.class::isInstance);
      if (!list) {
        var object = new LinkedHashMap<String, Object>();
        children.forEach((field, child) ->
            object.put(field.toString(), plain(child, here.path(field.toString()))));
        return object;
      }
      var elements = new ArrayList<>();
      new TreeMap<>(children)
          .forEach((position, child) -> {
            var there = here.path((Integer) position);
            var element = plain(child, there);
            if (element instanceof Map<?, ?> fields && there.path("name").isTextual()) {
              var named = new LinkedHashMap<Object, Object>();
              named.put("name", there.path("name").asText());
              named.putAll(fields);
              element = named;
            }
            elements.add(element);
          });
      return elements;
    }

    private static Object plain(Object child, JsonNode there) {
      return child instanceof Branch branch ? branch.plain(there) : child;
    }
  }
}
