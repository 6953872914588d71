package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.JudgedObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The containers of a pod, as headings for what is said of each. */
final class ContainerGroups {
  private static final Heading POD = new Heading("pod", -1);

  /** {@code spec.containers[0]}. */
  private static final int DEPTH = 3;

  private final JsonNode spec;
  private final Map<String, Heading> byName = new HashMap<>();

  /**
   * A container, or the pod as a whole.
   *
   * @param order where it stands in the pod
   */
  record Heading(String title, int order) implements Comparable<Heading> {
    @Override
    public int compareTo(Heading other) {
      return Integer.compare(order, other.order);
    }
  }

  ContainerGroups(JudgedObject object) {
    spec = object.review().object().at(object.review().template().pointer()).path("spec");
    int order = 0;
    for (var kind : ContainerRef.Kind.values()) {
      for (var container : spec.path(kind.field())) {
        var name = container.path("name").asText();
        var heading = new Heading(title(kind) + " \"" + name + "\"", order);
        byName.putIfAbsent(name, heading);
        order++;
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

  /** The heading of a container; of the pod as a whole where it has no such container. */
  Heading heading(@Nullable String container) {
    return container == null ? POD : byName.getOrDefault(container, POD);
  }

  /** The name of the container that a field of the pod is in; null where it is in none. */
  @Nullable String container(FieldPath path) {
    var segments = path.segments();
    if (segments.size() <= DEPTH
        || !(segments.get(1) instanceof String list)
        || !(segments.get(2) instanceof Integer position)) {
      return null;
    }
    boolean ofContainers = false;
    for (var kind : ContainerRef.Kind.values()) {
      ofContainers |= kind.field().equals(list);
    }
    var name = spec.path(list).path(position).path("name");
    return ofContainers && name.isTextual() ? name.textValue() : null;
  }

  /** A field of the pod as it is called below that heading. */
  FieldPath below(Heading heading, FieldPath path) {
    return heading.equals(POD) || !Objects.equals(heading, heading(container(path)))
        ? path
        : new FieldPath(path.segments().subList(DEPTH, path.segments().size()));
  }
}
