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
 * @param mountPath in the container
 */
public record HostPathMount(String path, String type, String mountPath) {

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

  private boolean isThis(VolumeMount mount) {
    return Boolean.TRUE.equals(mount.getReadOnly())
        && mountPath.equals(mount.getMountPath())
        && isUnset(mount.getSubPath())
        && isUnset(mount.getSubPathExpr())
        && (isUnset(mount.getMountPropagation()) || "None".equals(mount.getMountPropagation()));
  }

  private static boolean isUnset(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
