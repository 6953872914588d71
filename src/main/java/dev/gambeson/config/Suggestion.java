package dev.gambeson.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What someone meant who wrote an unknown name. */
public final class Suggestion {
  private static final int LONGEST = 4;

  private Suggestion() {}

  /** {@code , did you mean "fix"?}; empty where no name is near. */
  public static String text(String written, Collection<String> names) {
    return nearest(written, names).map(name -> ", did you mean \"" + name + "\"?").orElse("");
  }

  /** {@code there is no rule "HostPort", did you mean "HostPorts"?}. */
  static String unknown(String kind, String written, Collection<String> names) {
    return "there is no " + kind + " \"" + written + "\"" + text(written, names);
  }

  /** The name that is nearest; empty where none is near. */
  public static Optional<String> nearest(String written, Collection<String> names) {
    int furthest = Math.clamp(written.length() / 3, 1, LONGEST);
    return names.stream()
        .filter(name -> Math.abs(name.length() - written.length()) <= furthest)
        .filter(name -> distance(written, name) <= furthest)
        .min(
            Comparator.<String>comparingInt(name -> distance(written, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** How many letters to add, drop, replace or swap with their neighbour, whatever the case. */
  private static int distance(String one, String other) {
    var a = one.toLowerCase(Locale.ROOT);
    var b = other.toLowerCase(Locale.ROOT);
    var steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int replaced = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        steps[i][j] = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          steps[i][j] = Math.min(steps[i][j], 1 + steps[i - 2][j - 2]);
        }
      }
    }
    return steps[a.length()][b.length()];
  }
}
