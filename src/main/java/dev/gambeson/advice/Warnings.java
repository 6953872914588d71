package dev.gambeson.advice;

import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Excerpt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Warnings within the limits of the protocol: each once and of at most 256 characters, 4 KiB in
 * all, no control characters.
 */
public final class Warnings {
  private static final int MAX_LENGTH = 256;
  private static final int MAX_TOTAL = 4096;

  private final Excerpt excerpt = new Excerpt(MAX_TOTAL, "", "… and %d more warnings");
  private final Set<String> known = new HashSet<>();

  /** Those of the warnings that fit, and the count of the others. */
  public static List<String> limit(List<String> warnings) {
    var limited = new Warnings();
    limited.addAll(warnings);
    return limited.list();
  }

  public void addAll(List<String> warnings) {
    warnings.forEach(this::add);
  }

  public void add(String warning) {
    var line = clean(warning);
    if (known.add(line)) {
      excerpt.add(() -> line);
    }
  }

  /** Adds one that is not yet there, and is written only where there may be room for it. */
  public void add(Supplier<String> warning) {
    excerpt.add(() -> clean(warning.get()));
  }

  /** Those that fit, in their order, and the count of the others. */
  public List<String> list() {
    return excerpt.texts();
  }

  private static String clean(String warning) {
    var line = Violation.clean(warning);
    if (line.length() <= MAX_LENGTH) {
      return line;
    }
    int end = MAX_LENGTH - 1;
    if (Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end) + "…";
  }
}
