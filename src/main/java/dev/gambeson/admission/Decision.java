package dev.gambeson.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to an admission request. */
public sealed interface Decision {

  /** What the rules did and found. */
  Outcome outcome();

  /**
   * The pod passes.
   *
   * @param patch a JSON Patch that is not empty; null where nothing changes
   */
  record Allowed(
      @Nullable ArrayNode patch,
      List<String> warnings,
      Map<String, String> auditAnnotations,
      Outcome outcome)
      implements Decision {}

  /** The pod is refused. */
  record Denied(
      String message, List<String> warnings, Map<String, String> auditAnnotations, Outcome outcome)
      implements Decision {}

  /**
   * No verdict is possible: the object cannot be read as what it says it is. The webhook's
   * failurePolicy decides.
   */
  record Failed(String message, Outcome outcome) implements Decision {}
}
