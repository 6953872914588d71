package dev.gambeson.admission;

import dev.gambeson.advice.Warnings;
import dev.gambeson.verdict.Configuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to an admission request. */
public sealed interface Decision {

  /** What the rules did and found. */
  ReviewStats stats();

  /** A decision that the API server is told as such. */
  sealed interface Verdict extends Decision {

    /** What the one who asked is told besides. */
    List<String> warnings();

    /** What the audit log is told. */
    Map<String, String> auditAnnotations();
  }

  /**
   * The pod passes.
   *
   * @param patch the JSON text of a JSON Patch that is not empty; null where nothing changes
   */
  record Allowed(
      @Nullable String patch,
      List<String> warnings,
      Map<String, String> auditAnnotations,
      ReviewStats stats)
      implements Verdict {}

  /** Passes what is not judged. */
  static Verdict pass(Configuration.Choice choice, String... warnings) {
    return new Allowed(
        null, Warnings.limit(List.of(warnings)), Map.of(), ReviewStats.untouched(choice));
  }

  /** The pod is refused. */
  record Denied(
      Reason reason,
      String message,
      List<String> warnings,
      Map<String, String> auditAnnotations,
      ReviewStats stats)
      implements Verdict {}

  /** Why a pod is refused, as the API server classes it. */
  enum Reason {
    FORBIDDEN(403, "Forbidden"),
    TOO_LARGE(413, "RequestEntityTooLarge");

    private final int code;
    private final String text;

    Reason(int code, String text) {
      this.code = code;
      this.text = text;
    }

    int code() {
      return code;
    }

    String text() {
      return text;
    }
  }

  /**
   * No verdict is possible: the object cannot be read as what it says it is. The webhook's
   * failurePolicy decides.
   */
  record Failed(String message, ReviewStats stats) implements Decision {}
}
