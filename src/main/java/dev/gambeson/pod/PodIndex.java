package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is looked up in a pod again and again, gathered in one pass over its lists: a search for
 * each volume, or for each violation, would take time that grows with the square of the pod's size.
 *
 * <p>An index describes the pod as it is when something is first looked up. Whoever changes the pod
 * needs a new one.
 */
public final class PodIndex {
  /** {@code spec.containers[0]}. */
  private static final int CONTAINER_DEPTH = 3;

  private final Pod pod;
  private @Nullable Containers containers;
  private @Nullable Map<String, VolumeUse> volumes;

  private record Containers(
      Map<String, ContainerRef> byName, Map<FieldPath, ContainerRef> byPath) {}

  public PodIndex(Pod pod) {
    this.pod = pod;
  }

  public Pod pod() {
    return pod;
  }

  /** The first container of that name, of whatever kind; empty where there is none. */
  public Optional<ContainerRef> container(String name) {
    return Optional.ofNullable(containers().byName().get(name));
  }

  /** The container that a path lies in; empty where it lies in none. */
  public Optional<ContainerRef> containerAt(FieldPath path) {
    return path.depth() < CONTAINER_DEPTH
        ? Optional.empty()
        : Optional.ofNullable(containers().byPath().get(path.first(CONTAINER_DEPTH)));
  }

  /** How the containers of the pod, of whatever kind, use a volume of it. */
  public VolumeUse use(Volume volume) {
    return volumes().getOrDefault(volume.getName(), VolumeUse.NONE);
  }

  private Containers containers() {
    var known = containers;
    if (known == null) {
      known = new Containers(new HashMap<>(), new HashMap<>());
      for (var container : ContainerRef.all(pod)) {
        known.byName().putIfAbsent(container.name(), container);
        known.byPath().put(container.path(), container);
      }
      containers = known;
    }
    return known;
  }

  private Map<String, VolumeUse> volumes() {
    var known = volumes;
    if (known == null) {
      known = new HashMap<>();
      for (var container : ContainerRef.all(pod)) {
        for (var mount : container.container().getVolumeMounts()) {
          if (mount.getName() != null) {
            known.computeIfAbsent(mount.getName(), name -> new VolumeUse()).add(container, mount);
          }
        }
      }
      volumes = known;
    }
    return known;
  }
}
