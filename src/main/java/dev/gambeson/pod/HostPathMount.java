package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder of the node as a fix mounts it into containers, read-only.
 *
 * @param path on the node
 * @param type of the {@code hostPath} volume
 * @param mount in the containers, under whichever name; without variables in its path
 */
public record HostPathMount(String path, String type, VolumeMount mount) {

  /** Whether a volume of the pod is this one, and is mounted in no other way. */
  public boolean isAllOf(Volume volume, Pod pod) {
    var hostPath = volume.getHostPath();
    return hostPath != null
        && path.equals(hostPath.getPath())
        && type.equals(hostPath.getType())
        && ContainerRef.all(pod).stream()
            .flatMap(container -> container.container().getVolumeMounts().stream())
            .filter(mount -> volume.getName() != null && volume.getName().equals(mount.getName()))
            .allMatch(this::isThis);
  }

  private boolean isThis(VolumeMount other) {
    return Boolean.TRUE.equals(other.getReadOnly())
        && mount.getMountPath().equals(other.getMountPath())
        && given(mount.getSubPath(), "").equals(given(other.getSubPath(), ""))
        && given(other.getSubPathExpr(), "").isEmpty()
        && given(mount.getMountPropagation(), "None")
            .equals(given(other.getMountPropagation(), "None"));
  }

  private static String given(@Nullable String text, String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }
}
