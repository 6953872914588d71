package dev.gambeson.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the audit log is told, within bounds: 4 KiB an annotation, 32 KiB in all. Each key says at
 * least how much it leaves out; of the rest, what was added first comes first.
 */
public final class AuditAnnotations {
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_TOTAL = 32 * 1024;
  private static final String TRUE = "true";
  private static final String MORE = "… and %d more";

  private record Entry(Excerpt annotation, Supplier<String> text) {}

  private final Map<String, Excerpt> annotations = new TreeMap<>();
  private final Map<String, String> marks = new TreeMap<>();
  private final List<Entry> firsts = new ArrayList<>();
  private final List<Entry> others = new ArrayList<>();
  private int room = MAX_TOTAL;

  /** Adds an annotation that says {@value #TRUE}. */
  public void mark(String key) {
    if (marks.put(key, TRUE) == null) {
      room -= Excerpt.bytes(key) + TRUE.length();
    }
  }

  /**
   * Adds a text to an annotation: the most important ones first.
   *
   * @param separator what stands between two texts of this annotation
   */
  public void add(String key, String separator, Supplier<String> text) {
    var known = annotations.get(key);
    if (known != null) {
      others.add(new Entry(known, text));
      return;
    }
    var annotation = new Excerpt(MAX_LENGTH, separator, MORE);
    annotations.put(key, annotation);
    firsts.add(new Entry(annotation, text));
    room -= Excerpt.bytes(key) + Excerpt.reserved(separator, MORE);
  }

  /** The annotations, by their keys. */
  public Map<String, String> limited() {
    for (var entries : List.of(firsts, others)) {
      for (var entry : entries) {
        room -= entry.annotation().add(entry.text(), room);
      }
    }
    var limited = new TreeMap<>(marks);
    annotations.forEach((key, annotation) -> limited.put(key, annotation.toString()));
    return limited;
  }
}
