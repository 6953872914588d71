package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One preset and one pod. The preset's parts are compared as the API server completes them: that is
 * how the pod has them when another webhook's change calls this one again.
 */
final class PresetMerge {
  private final PodPatch patch;
  private final List<ContainerRef> containers;
  private final List<EnvVar> env;
  private final List<EnvFromSource> envFrom;
  private final List<Volume> volumes;
  private final List<VolumeMount> mounts;

  PresetMerge(PodPresets.Preset preset, PodPatch patch, List<ContainerRef> containers) {
    this.patch = patch;
    this.containers = containers;
    this.env = preset.env().stream().map(PodDefaults::complete).toList();
    this.envFrom = preset.envFrom();
    this.volumes = preset.volumes().stream().map(PodDefaults::complete).toList();
    this.mounts = preset.volumeMounts();
  }

  /** What the pod has in place of something of the preset; empty where nothing is in the way. */
  String conflict() {
    var inVolumes =
        volumes.stream()
            .filter(volume ->
                patch.pod().getSpec().getVolumes().stream()
                    .anyMatch(
                        other -> volume.getName().equals(other.getName()) && !volume.equals(other)))
            .map(volume -> "volume " + volume.getName());
    return Stream.concat(inVolumes, containers.stream().flatMap(this::conflicts))
        .findFirst()
        .orElse("");
  }

  private Stream<String> conflicts(ContainerRef ref) {
    var container = ref.container();
    var variables =
        env.stream()
            .filter(variable ->
                container.getEnv().stream()
                    .anyMatch(other ->
                        variable.getName().equals(other.getName()) && !isSame(variable, other)))
            .map(variable -> "env " + variable.getName());
    var sources =
        envFrom.stream()
            .filter(source ->
                container.getEnvFrom().stream()
                    .anyMatch(other -> key(source).equals(key(other)) && !source.equals(other)))
            .map(source -> "envFrom " + key(source));
    var others =
        container.getVolumeMounts().stream().filter(other -> !mounts.contains(other)).toList();
    var taken =
        mounts.stream()
            .filter(mount ->
                others.stream()
                        .anyMatch(other ->
                            Objects.equals(mount.getName(), other.getName())
                                || MountPaths.areSame(mount.getMountPath(), other.getMountPath()))
                    || container.getVolumeDevices().stream()
                        .anyMatch(device ->
                            Objects.equals(mount.getName(), device.getName())
                                || MountPaths.areSame(
                                    mount.getMountPath(), device.getDevicePath())))
            .map(mount -> "volumeMount " + mount.getName() + " at " + mount.getMountPath());
    return Stream.of(variables, sources, taken)
        .flatMap(conflicts -> conflicts)
        .map(conflict -> conflict + " in container " + ref.name());
  }

  /** Adds what the pod has not yet. */
  void apply() {
    for (var volume : volumes) {
      if (!patch.pod().getSpec().getVolumes().contains(volume)) {
        patch.spec().append("volumes", PodSpec::getVolumes, PodSpec::setVolumes, volume);
      }
    }
    for (var ref : containers) {
      var container = patch.container(ref);
      for (var variable : env) {
        if (ref.container().getEnv().stream().noneMatch(other -> isSame(variable, other))) {
          container.append("env", Container::getEnv, Container::setEnv, variable);
        }
      }
      for (var source : envFrom) {
        if (!ref.container().getEnvFrom().contains(source)) {
          container.append(
              "envFrom",
              Container::getEnvFrom,
              Container::setEnvFrom,
              new EnvFromSourceBuilder(source).build());
        }
      }
      for (var mount : mounts) {
        if (!ref.container().getVolumeMounts().contains(mount)) {
          container.append(
              "volumeMounts",
              Container::getVolumeMounts,
              Container::setVolumeMounts,
              new VolumeMountBuilder(mount).build());
        }
      }
    }
  }

  /** An empty value and none are the same. */
  private static boolean isSame(EnvVar one, EnvVar other) {
    return one.getName().equals(other.getName())
        && Objects.equals(one.getValueFrom(), other.getValueFrom())
        && Objects.toString(one.getValue(), "").equals(Objects.toString(other.getValue(), ""));
  }

  private static String key(EnvFromSource source) {
    var name =
        Optional.ofNullable(source.getConfigMapRef())
            .map(reference -> "configMap " + reference.getName())
            .or(() ->
                Optional.ofNullable(source.getSecretRef())
                    .map(reference -> "secret " + reference.getName()))
            .orElse("");
    var prefix = Objects.toString(source.getPrefix(), "");
    return prefix.isEmpty() ? name : name + " with prefix " + prefix;
  }
}
