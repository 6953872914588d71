package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The places that fields of a pod have in the document that describes it. They differ where the API
 * server's defaults have made a list longer: such elements come after the document's own, and
 * before those that a fix appends.
 *
 * @param document the document's pod, a copy of its own
 * @param defaulted the same with the defaults
 */
record DocumentPaths(JsonNode document, JsonNode defaulted) {

  /**
   * The place of a field that a patch of the defaulted pod names.
   *
   * @return empty where it is part of an element that only the defaults have
   */
  Optional<FieldPath> ofChange(FieldPath path) {
    var segments = new ArrayList<Object>();
    var here = document;
    var there = defaulted;
    for (var segment : path.segments()) {
      if (!(segment instanceof Integer position)) {
        segments.add(segment);
        here = here.path(segment.toString());
        there = there.path(segment.toString());
      } else if (position >= there.size()) {
        segments.add(position - there.size() + here.size());
        here = MissingNode.getInstance();
        there = MissingNode.getInstance();
      } else if (position >= here.size()) {
        return Optional.empty();
      } else {
        segments.add(position);
        here = here.path(position);
        there = there.path(position);
      }
    }
    return Optional.of(FieldPath.of(segments));
  }

  /**
   * Takes note of an element that a fix inserts into a list of the defaulted pod: what is found or
   * changed later counts it.
   */
  void insert(FieldPath path, JsonNode element) {
    if (ofChange(path).isPresent()) {
      new DocumentPatch(document).insert(path, element);
      new DocumentPatch(defaulted).insert(path, element);
    }
  }

  /**
   * The places of fields of the pod once it is fixed.
   *
   * @param fixed the pod with the fixes
   */
  Fields ofFields(JsonNode fixed) {
    return new Fields(fixed);
  }

  /** See {@link #ofFields}. */
  final class Fields {
    private final JsonNode fixed;
    private final Map<FieldPath, List<Integer>> defaultsBefore = new HashMap<>();

    private Fields(JsonNode fixed) {
      this.fixed = fixed;
    }

    /** The place of a field. */
    FieldPath place(FieldPath path) {
      var segments = new ArrayList<Object>();
      var here = document;
      var there = defaulted;
      var now = fixed;
      for (var segment : path.segments()) {
        if (!(segment instanceof Integer position)) {
          segments.add(segment);
          here = here.path(segment.toString());
          there = there.path(segment.toString());
          now = now.path(segment.toString());
        } else {
          int own = here.size();
          int before = 0;
          if (Math.min(position, now.size()) > own) {
            var list = there;
            var elements = now;
            before =
                defaultsBefore
                    .computeIfAbsent(
                        FieldPath.of(segments), key -> defaultsBefore(own, list, elements))
                    .get(Math.min(position, elements.size()) - own);
          }
          segments.add(position - before);
          here = here.path(position - before);
          there = there.path(position);
          now = now.path(position);
        }
      }
      return FieldPath.of(segments);
    }

    /** How many elements that only the defaults have come before each element from there on. */
    private static List<Integer> defaultsBefore(int own, JsonNode defaulted, JsonNode fixed) {
      // By their text, which has an order: nodes of one hash would slow the table down.
      var defaults = new HashSet<String>();
      for (int i = own; i < defaulted.size(); i++) {
        defaults.add(defaulted.get(i).toString());
      }
      var counts = new ArrayList<Integer>();
      int count = 0;
      for (int i = own; i < fixed.size(); i++) {
        counts.add(count);
        count += defaults.contains(fixed.get(i).toString()) ? 1 : 0;
      }
      counts.add(count);
      return counts;
    }
  }
}
