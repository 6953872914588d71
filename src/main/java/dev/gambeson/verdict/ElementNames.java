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
import org.jspecify.annotations.Nullable;

/**
 * The names of a pod's containers and volumes, and of the variables and mounts of its containers,
 * as they were at one moment. A path with these names in it means the same place after a fix has
 * moved elements.
 */
public final class ElementNames {
  private static final String VOLUMES = "volumes";

  private final Map<FieldPath, List<String>> lists = new HashMap<>();

  private ElementNames() {}

  public static ElementNames of(Pod pod) {
    var names = new ElementNames();
    names.add(
        FieldPath.of("spec", VOLUMES),
        pod.getSpec().getVolumes().stream().map(Volume::getName).toList());
    for (var container : ContainerRef.all(pod)) {
      names
          .lists
          .computeIfAbsent(container.path().parent(), list -> new ArrayList<>())
          .add(container.name());
      names.add(
          container.path("env"),
          container.container().getEnv().stream().map(EnvVar::getName).toList());
      names.add(
          container.path("volumeMounts"),
          container.container().getVolumeMounts().stream().map(VolumeMount::getMountPath).toList());
    }
    return names;
  }

  private void add(FieldPath list, List<@Nullable String> names) {
    lists.put(list, names.stream().map(name -> Objects.requireNonNullElse(name, "")).toList());
  }

  /** The path with names in place of positions, where there are names. */
  public FieldPath in(FieldPath path) {
    var segments = new ArrayList<>();
    var here = FieldPath.ROOT;
    for (var segment : path.segments()) {
      var names = lists.getOrDefault(here, List.of());
      segments.add(
          segment instanceof Integer position && position < names.size()
              ? names.get(position)
              : segment);
      here = new FieldPath(path.segments().subList(0, here.segments().size() + 1));
    }
    return new FieldPath(segments);
  }
}
