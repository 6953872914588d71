package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Violation;
import dev.gambeson.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The YAML that mends violations, merged into one piece to paste. */
final class Remedy {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Remedy() {}

  /**
   * The YAML that mends what of these violations can be mended by setting a field; empty where none
   * can. Where two ask for the same field, the stricter Pod Security level is heard.
   *
   * @param pod the pod in which the violations were found: elements of lists are shown by their
   *     names in it
   * @param prefix where the pod stands in what the YAML is pasted into
   */
  static String yaml(List<Violation> violations, JsonNode pod, FieldPath prefix) {
    var tree = new Branch();
    var strictestLast =
        violations.stream()
            .sorted(
                Comparator.comparing(
                    Violation::level, Comparator.nullsFirst(Comparator.naturalOrder())));
    // The first of each field decides where it stands, the last what it says.
    Stream.concat(violations.stream(), strictestLast)
        .filter(violation -> violation.remedy() != null)
        .forEach(violation ->
            tree.set(
                violation.path().segments(),
                MAPPER.convertValue(violation.remedy(), Object.class)));
    if (tree.children.isEmpty()) {
      return "";
    }
    var nested = tree.plain(pod);
    for (var segment : prefix.segments().reversed()) {
      nested = Map.of(segment, nested);
    }
    return YamlWriter.write(nested);
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
