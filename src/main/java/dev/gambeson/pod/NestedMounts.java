package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which mounts a container runtime can make inside others. It makes the folder or file to mount on
 * where there is none; in what is read-only it cannot, and the container does not start. In a
 * volume of a ConfigMap, Secret or the like the kubelet makes the folder beforehand.
 */
public final class NestedMounts {
  private static final Set<String> FILES =
      Set.of("File", "FileOrCreate", "Socket", "CharDevice", "BlockDevice");

  private final Map<String, Volume> volumes = new HashMap<>();
  private final Map<String, Boolean> readOnly = new HashMap<>();

  /** Knows the mounts of these volumes. */
  public NestedMounts(Stream<Volume> volumes) {
    volumes
        .filter(volume -> volume.getName() != null)
        .forEach(volume -> this.volumes.putIfAbsent(volume.getName(), volume));
  }

  /**
   * What keeps a container from starting where mounts are added to those that it has; empty where
   * nothing does.
   *
   * @param present what it has; what is wrong in these alone is not told
   * @param added what it gets; what is wrong in these alone is not told
   */
  public Optional<String> obstacle(List<VolumeMount> present, List<VolumeMount> added) {
    var places =
        present.stream().filter(mount -> mount.getMountPath() != null).map(Place::of).toList();
    return added.stream()
        .map(Place::of)
        .flatMap(place ->
            Stream.concat(
                places.stream()
                    .filter(other -> other.isAbove(place))
                    .max(Comparator.comparingInt(other -> other.path().length()))
                    .filter(above -> !canHold(above.mount(), place.mount()))
                    .map(above -> below(place.mount(), above.mount()))
                    .stream(),
                places.stream()
                    .filter(place::isAbove)
                    .filter(other -> !canHold(place.mount(), other.mount()))
                    .map(other -> below(other.mount(), place.mount()))))
        .findFirst();
  }

  private record Place(VolumeMount mount, String path) {
    static Place of(VolumeMount mount) {
      return new Place(mount, MountPaths.normal(mount.getMountPath()));
    }

    boolean isAbove(Place other) {
      return other.path.length() > path.length() && other.path.startsWith(path);
    }
  }

  private String below(VolumeMount mount, VolumeMount above) {
    return "no mount can be made at %s, below the %s at %s"
        .formatted(
            mount.getMountPath(), isFile(above) ? "file" : "read-only mount", above.getMountPath());
  }

  private boolean canHold(VolumeMount above, VolumeMount below) {
    var volume = volumes.get(above.getName());
    if (volume == null) {
      return true;
    }
    if (isFile(above)) {
      return false;
    }
    if (isFilledByKubelet(volume)) {
      return !isPart(above) && !isFile(below);
    }
    return !Boolean.TRUE.equals(above.getReadOnly())
        && !readOnly.computeIfAbsent(above.getName(), name -> isReadOnly(volume));
  }

  /** Whether it is known to be no folder. */
  private boolean isFile(VolumeMount mount) {
    var volume = volumes.get(mount.getName());
    return volume != null
        && ((isFilledByKubelet(volume) && isPart(mount))
            || (volume.getHostPath() != null
                && !isPart(mount)
                && FILES.contains(String.valueOf(volume.getHostPath().getType()))));
  }

  private static boolean isFilledByKubelet(Volume volume) {
    return volume.getConfigMap() != null
        || volume.getSecret() != null
        || volume.getDownwardAPI() != null
        || volume.getProjected() != null;
  }

  private static boolean isReadOnly(Volume volume) {
    return volume.getImage() != null
        || ModelTree.of(volume).values().stream()
            .anyMatch(source ->
                source instanceof Map<?, ?> fields && Boolean.TRUE.equals(fields.get("readOnly")));
  }

  /** Whether it is of one file or folder of the volume only. */
  private static boolean isPart(VolumeMount mount) {
    return isGiven(mount.getSubPath()) || isGiven(mount.getSubPathExpr());
  }

  private static boolean isGiven(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
