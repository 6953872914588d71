package dev.gambeson.report;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.JudgedObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The containers of a pod, as headings for what is said of each. */
final class ContainerGroups {
  private static final Heading POD = new Heading("pod", null, -1);

  /** {@code spec.containers[0]}. */
  private static final int DEPTH = 3;

  private final Map<FieldPath, Heading> byPlace = new HashMap<>();
  private final Map<String, Heading> byName = new HashMap<>();

  /**
   * A container, or the pod as a whole.
   *
   * @param name of the container; null for the pod as a whole
   * @param order where it stands in the pod
   */
  record Heading(String title, @Nullable String name, int order) implements Comparable<Heading> {
    @Override
    public int compareTo(Heading other) {
      return Integer.compare(order, other.order);
    }
  }

  ContainerGroups(JudgedObject object) {
    var spec = object.review().pod().path("spec");
    for (var kind : ContainerRef.Kind.values()) {
      var list = spec.path(kind.field());
      for (int i = 0; i < list.size(); i++) {
        var name = list.path(i).path("name").asText();
        // Other kinds than those of Kubernetes have containers without names.
        var title =
            name.isEmpty() ? kind.field() + "[" + i + "]" : title(kind) + " \"" + name + "\"";
        var heading = new Heading(title, name, byPlace.size());
        byPlace.put(FieldPath.of("spec", kind.field(), i), heading);
        byName.putIfAbsent(name, heading);
      }
    }
  }

  private static String title(ContainerRef.Kind kind) {
    return switch (kind) {
      case INIT -> "init container";
      case REGULAR -> "container";
      case EPHEMERAL -> "ephemeral container";
    };
  }

  /**
   * The heading for a field of the pod.
   *
   * @param container the name of the container that is meant where the field is in none
   */
  Heading heading(FieldPath path, @Nullable String container) {
    var around = around(path);
    return around != null ? around : container == null ? POD : byName.getOrDefault(container, POD);
  }

  /** The name of the container that a field of the pod is in; null where it is in none. */
  @Nullable String container(FieldPath path) {
    var around = around(path);
    return around == null ? null : around.name();
  }

  /** A field of the pod as it is called below its heading. */
  FieldPath below(FieldPath path) {
    return around(path) == null ? path : path.from(DEPTH);
  }

  private @Nullable Heading around(FieldPath path) {
    return path.depth() <= DEPTH ? null : byPlace.get(path.first(DEPTH));
  }
}
