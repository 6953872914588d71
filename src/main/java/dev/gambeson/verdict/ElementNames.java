package dev.gambeson.verdict;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names of a pod's containers and volumes, and of the variables and mounts of its containers,
 * as they were at one moment. A path with these names in it means the same place after a fix has
 * moved elements.
 */
public final class ElementNames {
  private final List<String> volumes;
  private final Map<String, List<InContainer>> containers = new HashMap<>();

  private record InContainer(String name, List<String> variables, List<String> mounts) {

    List<String> in(Object list) {
      return list.equals("env") ? variables : list.equals("volumeMounts") ? mounts : List.of();
    }
  }

  private ElementNames(Pod pod) {
    volumes = names(pod.getSpec().getVolumes(), Volume::getName);
    for (var ref : ContainerRef.all(pod)) {
      containers
          .computeIfAbsent(ref.kind().field(), kind -> new ArrayList<>())
          .add(
              new InContainer(
                  ref.name(),
                  names(ref.container().getEnv(), EnvVar::getName),
                  names(ref.container().getVolumeMounts(), VolumeMount::getMountPath)));
    }
  }

  public static ElementNames of(Pod pod) {
    return new ElementNames(pod);
  }

  private static <E> List<String> names(List<E> elements, Function<E, @Nullable String> name) {
    var names = new ArrayList<String>(elements.size());
    for (var element : elements) {
      names.add(Objects.requireNonNullElse(name.apply(element), ""));
    }
    return names;
  }

  /** The path with names in place of positions, where there are names. */
  public FieldPath in(FieldPath path) {
    var segments = path.segments();
    if (segments.size() < 3
        || !segments.getFirst().equals("spec")
        || !(segments.get(2) instanceof Integer position)) {
      return path;
    }
    var named = new ArrayList<>(segments);
    var list = segments.get(1);
    if (list.equals("volumes")) {
      name(named, 2, volumes);
    } else if (list instanceof String kind && containers.containsKey(kind)) {
      var all = Objects.requireNonNull(containers.get(kind));
      if (position < all.size()) {
        named.set(2, all.get(position).name());
        if (segments.size() > 4) {
          name(named, 4, all.get(position).in(segments.get(3)));
        }
      }
    }
    return FieldPath.of(named);
  }

  private static void name(List<Object> segments, int index, List<String> names) {
    if (segments.get(index) instanceof Integer position && position < names.size()) {
      segments.set(index, names.get(position));
    }
  }
}
