package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.List;

/**
 * A profile with everything that it extends.
 *
 * @param layers what the files say, the strongest first
 * @param tree what that comes to, with the rules' defaults
 */
record ResolvedProfile(String name, List<ProfileLayer> layers, ObjectNode tree)
    implements Reporter {

  /** Reports where the value is written, or the nearest that it would be in. */
  @Override
  public void report(FieldPath path, String message) {
    for (var at = path; ; at = at.parent()) {
      for (var layer : layers) {
        if (layer.says(at)) {
          layer.report(at, message);
          return;
        }
      }
      if (at.isRoot()) {
        throw new IllegalStateException("profile " + name + ": " + message);
      }
    }
  }

  /** Whether the first of the layers, which is the profile itself, says something there. */
  boolean saysItself(FieldPath path) {
    var first = layers.getFirst();
    return first.name().equals(name) && first.says(path);
  }
}
