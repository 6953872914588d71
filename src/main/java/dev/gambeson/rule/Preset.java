package dev.gambeson.rule;

import dev.gambeson.pod.PodSelector;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashSet;
import java.util.List;

/**
 * Variables, volumes and mounts for some pods.
 *
 * @param pods which pods
 * @param namespaces of which namespaces, as patterns; none for all
 */
public record Preset(
    PodSelector pods,
    List<String> namespaces,
    List<EnvVar> env,
    List<EnvFromSource> envFrom,
    List<Volume> volumes,
    List<VolumeMount> volumeMounts)
    implements Selecting {
  public Preset {
    namespaces = List.copyOf(namespaces);
    env = List.copyOf(env);
    envFrom = List.copyOf(envFrom);
    volumes = List.copyOf(volumes);
    volumeMounts = List.copyOf(volumeMounts);
    ApiValidation.requireVariables("env", env);
    var names = new HashSet<String>();
    for (var variable : env) {
      if (!names.add(variable.getName())) {
        throw new IllegalArgumentException("env: each needs a name of its own");
      }
    }
    for (var source : envFrom) {
      if ((source.getConfigMapRef() == null) == (source.getSecretRef() == null)) {
        throw new IllegalArgumentException("envFrom: each needs a configMapRef or a secretRef");
      }
    }
    Injected.require(volumes, volumeMounts);
    for (var volume : volumes) {
      if (volume.getHostPath() != null && !isMountedOnceReadOnly(volume, volumeMounts)) {
        throw new IllegalArgumentException(
            "volumes: \""
                + volume.getName()
                + "\" is a hostPath: mount it at one place, with readOnly: true and without"
                + " subPathExpr, whose variables are the pod's own");
      }
    }
  }

  /** The same preset for any pod. */
  public Preset forAnyPod() {
    return new Preset(PodSelector.ALL, List.of(), env, envFrom, volumes, volumeMounts);
  }

  private static boolean isMountedOnceReadOnly(Volume volume, List<VolumeMount> mounts) {
    var own = mounts.stream().filter(mount -> volume.getName().equals(mount.getName())).toList();
    return own.size() == 1
        && Boolean.TRUE.equals(own.getFirst().getReadOnly())
        && own.getFirst().getSubPathExpr() == null;
  }
}
