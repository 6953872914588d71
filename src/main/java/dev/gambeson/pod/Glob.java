package dev.gambeson.pod;

import java.util.Collection;

/**
 * A pattern for a whole text, in which {@code *} stands for any characters.
 *
 * @param pattern as the configuration writes it
 */
public record Glob(String pattern) {

  /** Whether one of the patterns fits all of the text. */
  public static boolean anyMatches(Collection<String> patterns, String text) {
    for (var pattern : patterns) {
      if (new Glob(pattern).matches(text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the pattern fits all of the text. */
  public boolean matches(String text) {
    int afterStar = -1;
    int resumeAt = 0;
    int p = 0;
    int t = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        afterStar = ++p;
        resumeAt = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (afterStar >= 0) {
        p = afterStar;
        t = ++resumeAt;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
