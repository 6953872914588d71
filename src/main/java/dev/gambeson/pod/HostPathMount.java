package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;

/**
 * A file or folder of the node as a fix mounts it into containers, read-only.
 *
 * @param path on the node
 * @param type of the {@code hostPath} volume
 * @param mount in the containers, under whichever name; without variables in its path
 */
public record HostPathMount(String path, String type, VolumeMount mount) {

  /** Whether a volume of the pod is this one, and is mounted in no other way. */
  public boolean isAllOf(Volume volume, PodIndex pod) {
    var hostPath = volume.getHostPath();
    return hostPath != null
        && path.equals(hostPath.getPath())
        && type.equals(hostPath.getType())
        && pod.use(volume).isOnly(mount);
  }
}
