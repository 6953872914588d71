package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.advice.Advice;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A manifest into which a person has pasted a piece of YAML: objects are merged by their fields,
 * lists of named elements by the names, ports by their numbers, any other list is replaced. What
 * the piece marks {@code # remove} is deleted: an element of a list by its name or, where it has
 * none, by all of its fields.
 */
public final class Pasted {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Set<String> removed = new HashSet<>();

  private Pasted() {}

  /** What a person reads, in lines. */
  public static List<String> lines(List<Advice> advices) {
    return advices.stream()
        .flatMap(advice ->
            Stream.concat(advice.remarks().stream(), advice.text(Integer.MAX_VALUE).lines()))
        .toList();
  }

  /** The manifest with the piece in it. */
  public static JsonNode into(JsonNode manifest, String yaml) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setProcessComments(true);
    var pasted = new Pasted();
    pasted.mark(new Yaml(options).compose(new StringReader(yaml)), "");
    return pasted.merged(manifest, MAPPER.valueToTree(new Yaml(options).load(yaml)), "");
  }

  private void mark(Node node, String place) {
    if (isMarked(node)) {
      removed.add(place);
    }
    switch (node) {
      case MappingNode mapping ->
          mapping
              .getValue()
              .forEach(entry ->
                  mark(
                      entry.getValueNode(),
                      place + "/" + ((ScalarNode) entry.getKeyNode()).getValue()));
      case SequenceNode list -> {
        for (int i = 0; i < list.getValue().size(); i++) {
          mark(list.getValue().get(i), place + "/" + i);
        }
      }
      default -> {}
    }
  }

  private static boolean isMarked(Node node) {
    return node.getInLineComments() != null
        && node.getInLineComments().stream()
            .anyMatch(comment -> comment.getValue().strip().equals("remove"));
  }

  private JsonNode merged(JsonNode into, JsonNode piece, String place) {
    if (into instanceof ObjectNode object && piece.isObject()) {
      var result = object.deepCopy();
      piece
          .properties()
          .forEach(entry -> {
            var there = place + "/" + entry.getKey();
            if (removed.contains(there)) {
              result.remove(entry.getKey());
            } else {
              result.set(
                  entry.getKey(), merged(object.path(entry.getKey()), entry.getValue(), there));
            }
          });
      return result;
    }
    if (into instanceof ArrayNode array && piece.valueStream().allMatch(Pasted::isNamed)) {
      return piece.isEmpty() ? piece : mergedByName(array, piece, place);
    }
    if (into instanceof ArrayNode array && areMarked(piece, place)) {
      var removals = new HashSet<JsonNode>();
      piece.forEach(removals::add);
      var result = array.deepCopy();
      for (int i = result.size() - 1; i >= 0; i--) {
        if (removals.contains(result.get(i))) {
          result.remove(i);
        }
      }
      return result;
    }
    return piece;
  }

  private JsonNode mergedByName(ArrayNode array, JsonNode piece, String place) {
    var result = array.deepCopy();
    for (int i = 0; i < piece.size(); i++) {
      var there = place + "/" + i;
      var element = piece.get(i);
      boolean known = false;
      for (int j = result.size() - 1; j >= 0; j--) {
        if (areSame(result.get(j), element)) {
          known = true;
          if (removed.contains(there + "/name")) {
            result.remove(j);
          } else {
            result.set(j, merged(result.get(j), element, there));
          }
        }
      }
      if (!known) {
        result.add(element);
      }
    }
    return result;
  }

  /** Whether every field of every element of the list is to be removed. */
  private boolean areMarked(JsonNode list, String place) {
    return IntStream.range(0, list.size())
        .allMatch(i ->
            list.get(i).isObject()
                && list.get(i).properties().stream()
                    .allMatch(field -> removed.contains(place + "/" + i + "/" + field.getKey())));
  }

  private static boolean isNamed(JsonNode element) {
    return element.has("name") || element.has("containerPort");
  }

  private static boolean areSame(JsonNode one, JsonNode other) {
    return other.has("name")
        ? one.path("name").equals(other.path("name"))
        : List.of("containerPort", "protocol").stream()
            .allMatch(field ->
                one.path(field)
                    .asText("protocol".equals(field) ? "TCP" : "")
                    .equals(other.path(field).asText("protocol".equals(field) ? "TCP" : "")));
  }
}
