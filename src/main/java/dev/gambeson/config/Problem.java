package dev.gambeson.config;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.Position;
import java.util.Comparator;

/**
 * One thing that is wrong with a configuration.
 *
 * @param source the file
 * @param path the key or value at fault; the root for the file as a whole
 * @param message what is wrong and what to do
 */
public record Problem(String source, Position position, FieldPath path, String message) {
  /** That of the file. */
  static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::source)
          .thenComparingInt(problem -> problem.position().line())
          .thenComparingInt(problem -> problem.position().column())
          .thenComparing(problem -> problem.path().toString());

  /** {@code file:line:column: path: what is wrong, what to do}; no key is named twice running. */
  @Override
  public String toString() {
    int colon = message.indexOf(": ");
    boolean twice = colon > 0 && names(message.substring(0, colon));
    return source
        + ":"
        + position.line()
        + ":"
        + position.column()
        + ": "
        + (path.isRoot() ? "" : path + ": ")
        + (twice ? message.substring(colon + 2) : message);
  }

  /** Whether the path ends at that key, or at an element of it. */
  private boolean names(String key) {
    var end = "." + key;
    return path.toString().endsWith(end)
        || (!path.isRoot() && path.parent().toString().endsWith(end));
  }
}
