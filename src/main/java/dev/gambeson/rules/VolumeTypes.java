package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.VolumeSources;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

@Doc(
    """
    Refuses volumes whose driver is part of Kubernetes itself: an administrator should define
    storage, as persistent volumes.

    **Field:** `spec.volumes[*]`. **Allowed:** `configMap`, `csi`, `downwardAPI`, `emptyDir`,
    `ephemeral`, `image`, `persistentVolumeClaim`, `projected`, `secret`. `hostPath` is left to
    `HostPathVolumes`.

    **Standard:** Pod Security "restricted", every version.
    """)
record VolumeTypes() implements Rule.Check {

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(RESTRICTED);
  }

  @Override
  public String atRisk() {
    return "it needs the volume";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var volumes = pod.getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      if (!VolumeSources.areRecommended(volume) && volume.getHostPath() == null) {
        violations
            .at(FieldPath.of("spec", "volumes", i))
            .level(RESTRICTED)
            .found(
                VolumeSources.deprecated(volume).orElse("an unknown type")
                    + " in volume \""
                    + volume.getName()
                    + "\"")
            .wanted("a persistentVolumeClaim or another type that Pod Security restricted allows")
            .allowed(VolumeSources.RECOMMENDED)
            .remedy(Removal.ELEMENT);
      }
    }
  }
}
