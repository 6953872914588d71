package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Set;

@Doc(
    """
    Refuses volumes that are directories or files of the node.

    **Field:** `spec.volumes[*].hostPath`. **Allowed:** absent, and what `LxcfsMounts` or `Timezone` of the same profile mounts: the
    same path and type, mounted read-only where they mount it and nowhere else.

    **Standard:** Pod Security "baseline", every version. `VolumeTypes` leaves such volumes to this rule.
    """)
final class HostPathVolumes implements Rule.Check<NoOptions>, Rule.WithoutOptions {

  @Override
  public Set<ContainerRef.Kind> containers() {
    return Set.of();
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(PodSecurityLevel.BASELINE);
  }

  @Override
  public void check(NoOptions options, Pod pod, Scope scope, Violations violations) {
    var volumes = pod.getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      var hostPath = volumes.get(i).getHostPath();
      if (hostPath != null && !isOfAFix(volumes.get(i), pod, scope)) {
        violations.add(
            PodSecurityLevel.BASELINE,
            FieldPath.of("spec", "volumes", i, "hostPath"),
            hostPath.getPath() + " in volume \"" + volumes.get(i).getName() + "\"",
            "no hostPath volume: an emptyDir or a persistentVolumeClaim, for example",
            null);
      }
    }
  }

  private static boolean isOfAFix(Volume volume, Pod pod, Scope scope) {
    return scope.hostPaths().stream().anyMatch(mount -> mount.isAllOf(volume, pod));
  }
}
