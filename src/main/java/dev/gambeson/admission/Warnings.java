package dev.gambeson.admission;

import dev.gambeson.rules.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * Warnings within the limits of the protocol: 256 characters each, 4,096 in total, no control
 * characters.
 */
public final class Warnings {
  private static final int MAX_LENGTH = 256;
  private static final int MAX_TOTAL = 4096;

  private Warnings() {}

  /** Those of the warnings that fit, each once, and the count of the others. */
  public static List<String> limit(List<String> warnings) {
    var kept = new ArrayList<String>();
    var distinct = warnings.stream().map(Warnings::clean).distinct().toList();
    int total = 0;
    for (var warning : distinct) {
      if (total + warning.length() > MAX_TOTAL - MAX_LENGTH) {
        kept.add("… and " + (distinct.size() - kept.size()) + " more warnings");
        break;
      }
      kept.add(warning);
      total += warning.length();
    }
    return kept;
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
