package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import java.util.List;

/**
 * A field of the pod that a fix wrote.
 *
 * @param path in the pod as it is
 * @param value what stands there
 * @param certainty that the fix wrote it, and not the author or another webhook
 */
public record FilledField(String rule, FieldPath path, JsonNode value, Certainty certainty) {

  boolean endsWith(Object... tail) {
    var segments = path.segments();
    return segments.size() >= tail.length
        && segments.subList(segments.size() - tail.length, segments.size()).equals(List.of(tail));
  }

  /** Whether the field is of the pod as a whole: of none of its containers. */
  boolean isOfPod() {
    return path.depth() < 2 || !path.segments().get(1).toString().endsWith("ontainers");
  }
}
