package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.Amount;
import dev.gambeson.pod.FieldPath;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the fields of one form of a pod in another one: others may have added elements to lists
 * since, so elements are the same by what names them.
 */
final class Counterpart {
  private final JsonNode from;
  private final JsonNode to;
  private final Map<FieldPath, Map<String, Integer>> positions = new HashMap<>();

  Counterpart(JsonNode from, JsonNode to) {
    this.from = from;
    this.to = to;
  }

  /**
   * The place of a field in the other form; empty where a list there has no such element. An
   * element beyond the end of a list has its place at the end of the other list.
   */
  Optional<FieldPath> of(FieldPath path) {
    var place = FieldPath.ROOT;
    var here = from;
    var there = to;
    for (var segment : path.segments()) {
      if (segment instanceof Integer position) {
        if (here.has(position)) {
          var found = positions(place, there).get(key(here.get(position)));
          if (found == null) {
            return Optional.empty();
          }
          place = place.index(found);
        } else {
          place = place.index(there.size() + position - here.size());
        }
        here = here.path(position);
        there = there.path((Integer) place.last());
      } else {
        place = place.field(segment.toString());
        here = here.path(segment.toString());
        there = there.path(segment.toString());
      }
    }
    return Optional.of(place);
  }

  /** The place of the field in the other form if it says the same there. */
  Optional<FieldPath> same(FieldPath path) {
    var written = from.at(path.pointer());
    return written.isMissingNode()
        ? Optional.empty()
        : of(path).filter(place -> covers(written, to.at(place.pointer())));
  }

  private Map<String, Integer> positions(FieldPath list, JsonNode elements) {
    return positions.computeIfAbsent(
        list,
        path -> {
          var found = new HashMap<String, Integer>();
          for (int i = 0; i < elements.size(); i++) {
            found.putIfAbsent(key(elements.get(i)), i);
          }
          return found;
        });
  }

  private static String key(JsonNode element) {
    for (var field : new String[] {"mountPath", "name"}) {
      if (element.path(field).isTextual()) {
        return field + " " + element.path(field).textValue();
      }
    }
    return element.toString();
  }

  /** Whether the API server could have made the second of the first: it adds defaults. */
  static boolean covers(JsonNode written, JsonNode present) {
    if (written.isObject()) {
      return present.isObject()
          && written
              .propertyStream()
              .allMatch(field -> covers(field.getValue(), present.path(field.getKey())));
    }
    if (written.isArray()) {
      boolean same = present.size() == written.size();
      for (int i = 0; same && i < written.size(); i++) {
        same = covers(written.get(i), present.get(i));
      }
      return same;
    }
    if (written.equals(present) || written.asText().equals(present.asText())) {
      return true;
    }
    var amount = amount(written);
    return amount.isPresent()
        && amount(present).filter(other -> other.compareTo(amount.get()) == 0).isPresent();
  }

  private static Optional<BigDecimal> amount(JsonNode node) {
    return node.isValueNode()
        ? Optional.ofNullable(Amount.parse(node.asText())).flatMap(Amount::of)
        : Optional.empty();
  }
}
