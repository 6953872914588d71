package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.List;
import java.util.function.Predicate;

/**
 * A profile with everything that it extends.
 *
 * @param layers what the files say, the strongest first
 * @param tree what that comes to, with the rules' defaults
 */
record ResolvedProfile(String name, List<ProfileLayer> layers, ObjectNode tree)
    implements Reporter {

  /**
   * Reports where the value is written, or the nearest that it would be in; in the user's file
   * rather than in the built-in one.
   */
  @Override
  public void report(FieldPath path, String message) {
    for (var at = path; !at.isRoot(); at = at.parent()) {
      for (var layer : layers) {
        if (!layer.builtIn() && layer.says(at)) {
          report(layer, at, message);
          return;
        }
      }
    }
    var at = path;
    while (layers.stream().noneMatch(saying(at))) {
      at = at.parent();
    }
    report(layers.stream().filter(saying(at)).findFirst().orElseThrow(), at, message);
  }

  private static Predicate<ProfileLayer> saying(FieldPath path) {
    return layer -> layer.says(path);
  }

  private void report(ProfileLayer layer, FieldPath at, String message) {
    layer.document().problems().add(layer.problem(at, message), layer.name(), name);
  }

  /** Whether the first of the layers, which is the profile itself, gives a value there. */
  boolean saysItself(FieldPath path) {
    var first = layers.getFirst();
    var written = first.tree().at(path.pointer());
    return first.name().equals(name) && !written.isMissingNode() && !written.isNull();
  }
}
