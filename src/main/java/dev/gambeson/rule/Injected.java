package dev.gambeson.rule;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.MountPaths;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** What an administrator configured to be put into pods: mistakes in it, and where it is. */
public final class Injected {
  private Injected() {}

  /**
   * Refuses what would make the API server refuse every pod that gets it.
   *
   * @throws IllegalArgumentException which names the field first
   */
  public static void require(List<Volume> volumes, List<VolumeMount> mounts) {
    ApiValidation.requireVolumes("volumes", volumes);
    var names = new HashSet<String>();
    for (var volume : volumes) {
      if (!names.add(volume.getName())) {
        throw new IllegalArgumentException("volumes: each needs a name of its own");
      }
    }
    var paths = new HashSet<String>();
    for (var mount : mounts) {
      var path = Objects.toString(mount.getMountPath(), "");
      if (!path.startsWith("/") || path.contains(":") || !paths.add(MountPaths.normal(path))) {
        throw new IllegalArgumentException(
            "volumeMounts: each needs a mountPath of its own, an absolute path without a colon");
      }
      if (!names.contains(mount.getName())) {
        throw new IllegalArgumentException(
            "volumeMounts: \"" + mount.getName() + "\" is none of the volumes beside it");
      }
      if ("Bidirectional".equals(mount.getMountPropagation())) {
        throw new IllegalArgumentException(
            "volumeMounts: mountPropagation Bidirectional is for privileged containers only");
      }
    }
  }

  /** Where the pod has volumes of these names. */
  public static List<FieldPath> places(List<Volume> volumes, Pod pod) {
    var names = volumes.stream().map(Volume::getName).toList();
    var present = pod.getSpec().getVolumes();
    return IntStream.range(0, present.size())
        .filter(i -> names.contains(present.get(i).getName()))
        .mapToObj(i -> FieldPath.of("spec", "volumes", i))
        .toList();
  }
}
