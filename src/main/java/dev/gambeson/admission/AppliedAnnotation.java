package dev.gambeson.admission;

import static dev.gambeson.pod.Fields.ANNOTATIONS;

import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rules.Rules;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The annotation {@value #NAME}: the rules whose fix changed the pod. A hint for people; nothing
 * reads it but this class, for an author may write it too.
 */
public final class AppliedAnnotation {
  public static final String NAME = "gambeson.dev/applied";

  private AppliedAnnotation() {}

  /**
   * Adds rules to the annotation of the patch's pod; what stands there and names no rule is
   * dropped.
   */
  public static void write(PodPatch patch, Collection<String> applied) {
    if (applied.isEmpty()) {
      return;
    }
    var before = PodTraits.annotation(patch.pod(), NAME);
    var names = new TreeSet<>(applied);
    for (var name : List.of(before.orElse("").split(","))) {
      if (Rules.named(name).isPresent()) {
        names.add(name);
      }
    }
    var after = String.join(",", names);
    if (before.isEmpty()) {
      patch.metadata().put(ANNOTATIONS, NAME, after);
    } else if (!before.get().equals(after)) {
      patch.metadata().replaceEntry(ANNOTATIONS, NAME, after);
    }
  }
}
