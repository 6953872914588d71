package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A profile with everything that it extends.
 *
 * @param layers what the files say, the strongest first
 * @param tree what that comes to, with the rules' defaults
 */
record ResolvedProfile(String name, List<ProfileLayer> layers, ObjectNode tree)
    implements ProblemReporter {

  /**
   * Reports where the value is written, or the nearest that it would be in; in the user's file
   * rather than in the built-in one.
   */
  @Override
  public void report(FieldPath path, String message) {
    for (var at = path; !at.isRoot(); at = at.parent()) {
      var own = own(at);
      if (own.isPresent()) {
        report(own.get().document().problems(), own.get(), at, message);
        return;
      }
    }
    var at = path;
    while (layers.stream().noneMatch(saying(at))) {
      at = at.parent();
    }
    var layer = layers.stream().filter(saying(at)).findFirst().orElseThrow();
    report(layer.document().problems(), layer, at, message);
  }

  /**
   * Reports at the first of the places that the user's file writes; at none where it is in none.
   */
  void report(Problems problems, List<FieldPath> places, String message) {
    places.stream()
        .filter(place -> own(place).isPresent())
        .findFirst()
        .ifPresent(place -> report(problems, own(place).orElseThrow(), place, message));
  }

  private void report(Problems problems, ProfileLayer layer, FieldPath at, String message) {
    problems.add(layer.problem(at, message), layer.name(), name);
  }

  /** The strongest layer of the user's file that gives a value there. */
  private Optional<ProfileLayer> own(FieldPath path) {
    return layers.stream()
        .filter(layer -> !layer.document().isBuiltIn())
        .filter(saying(path))
        .findFirst();
  }

  private static Predicate<ProfileLayer> saying(FieldPath path) {
    return layer -> layer.says(path);
  }

  /** Whether the first of the layers, which is the profile itself, gives a value there. */
  boolean saysItself(FieldPath path) {
    var first = layers.getFirst();
    var written = first.tree().at(path.pointer());
    return first.name().equals(name) && !written.isMissingNode() && !written.isNull();
  }
}
