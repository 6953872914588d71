package dev.gambeson.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What someone meant who wrote an unknown name. */
final class Suggestion {
  private Suggestion() {}

  /** {@code , did you mean "fix"?}; empty where no name is near. */
  static String text(String written, Collection<String> names) {
    return nearest(written, names).map(name -> ", did you mean \"" + name + "\"?").orElse("");
  }

  private static Optional<String> nearest(String written, Collection<String> names) {
    int furthest = Math.max(1, written.length() / 3);
    return names.stream()
        .filter(name -> distance(written, name) <= furthest)
        .min(
            Comparator.<String>comparingInt(name -> distance(written, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Levenshtein's distance, whatever the case. */
  private static int distance(String one, String other) {
    var a = one.toLowerCase(Locale.ROOT);
    var b = other.toLowerCase(Locale.ROOT);
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
