package dev.gambeson.pod;

import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_MOUNTS;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A volume that a fix mounts into containers, read-only, and never over or under something that is
 * mounted there already.
 *
 * @param volume of a type that may be mounted any number of times: {@code hostPath} or {@code
 *     image}
 */
public record InjectedVolume(Volume volume) {

  /** A file or folder of the node; the pod does not start where it is none of that type. */
  public static InjectedVolume hostPath(String name, String path, String type) {
    return new InjectedVolume(
        new VolumeBuilder()
            .withName(name)
            .withNewHostPath()
            .withPath(path)
            .withType(type)
            .endHostPath()
            .build());
  }

  /** The files of an OCI image. */
  public static InjectedVolume image(String name, String reference) {
    return new InjectedVolume(
        new VolumeBuilder()
            .withName(name)
            .withNewImage()
            .withReference(reference)
            .endImage()
            .build());
  }

  /**
   * Mounts the volume into containers, and adds it to the pod where the pod has no volume of its
   * name and kind. Leaves out a container that has a mount or device at the path, above it or below
   * it; warns where another volume has the name.
   *
   * @param subPath the part of the volume to mount; null for all of it
   */
  public void mount(
      PodPatch patch, List<ContainerRef> containers, String mountPath, @Nullable String subPath) {
    var free =
        containers.stream()
            .filter(container -> !MountPaths.isOccupied(container, mountPath))
            .toList();
    if (free.isEmpty()) {
      return;
    }
    var namesake =
        patch.pod().getSpec().getVolumes().stream()
            .filter(other -> volume.getName().equals(other.getName()))
            .findFirst();
    if (namesake.isEmpty()) {
      patch.spec().append(VOLUMES, volume);
    } else if (!hasSourceOf(namesake.get())) {
      patch.warn("not mounted: the pod has another volume named " + volume.getName());
      return;
    }
    for (var container : free) {
      patch
          .container(container)
          .append(
              VOLUME_MOUNTS,
              new VolumeMountBuilder()
                  .withName(volume.getName())
                  .withMountPath(mountPath)
                  .withSubPath(subPath)
                  .withReadOnly(true)
                  .build());
    }
  }

  /** What a {@code hostPath} volume looks like once it is mounted there. */
  public HostPathMount asHostPathMount(String mountPath) {
    var hostPath = volume.getHostPath();
    return new HostPathMount(
        hostPath.getPath(),
        hostPath.getType(),
        new VolumeMountBuilder().withMountPath(mountPath).build());
  }

  /** Of an image the reference may be another: it has been rewritten to a mirror since. */
  private boolean hasSourceOf(Volume other) {
    var path = volume.getHostPath();
    return path == null
        ? other.getImage() != null
        : other.getHostPath() != null && path.getPath().equals(other.getHostPath().getPath());
  }
}
