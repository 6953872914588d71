package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The places that fields of a pod have in the document that describes it. They differ where the API
 * server's defaults have made a list longer: such elements come after the document's own, and
 * before those that a fix appends.
 *
 * @param document the document's pod
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
    return Optional.of(new FieldPath(segments));
  }

  /** The place of a field of the pod once it is fixed. */
  FieldPath ofField(FieldPath path, JsonNode fixed) {
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
        var defaults = there;
        var elements = now;
        int own = here.size();
        int before =
            (int)
                IntStream.range(own, position)
                    .filter(i ->
                        IntStream.range(own, defaults.size())
                            .anyMatch(j -> defaults.get(j).equals(elements.path(i))))
                    .count();
        segments.add(position - before);
        here = here.path(position - before);
        there = there.path(position);
        now = now.path(position);
      }
    }
    return new FieldPath(segments);
  }
}
