package dev.gambeson.rule;

import static dev.gambeson.pod.Fields.ENV;
import static dev.gambeson.pod.Fields.ENV_FROM;
import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_MOUNTS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.Equivalence;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.NestedMounts;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** One preset and one pod. */
public final class PresetMerge {
  private final PodPatch patch;
  private final List<ContainerRef> containers;
  private final NestedMounts nestedMounts;
  private final List<EnvVar> env;
  private final List<EnvFromSource> envFrom;
  private final List<Volume> volumes;
  private final List<VolumeMount> mounts;

  public PresetMerge(Preset preset, PodPatch patch, List<ContainerRef> containers) {
    this.patch = patch;
    this.containers = containers;
    this.env = preset.env().stream().map(PodDefaults::complete).toList();
    this.envFrom = preset.envFrom();
    this.volumes = preset.volumes().stream().map(PodDefaults::complete).toList();
    this.mounts = preset.volumeMounts();
    this.nestedMounts =
        new NestedMounts(
            Stream.concat(patch.pod().getSpec().getVolumes().stream(), volumes.stream()));
  }

  /** Why the pod cannot have the preset; empty where it can. */
  public Optional<String> obstacle() {
    var inVolumes =
        volumes.stream()
            .filter(volume ->
                patch.pod().getSpec().getVolumes().stream()
                    .anyMatch(other ->
                        volume.getName().equals(other.getName()) && !isSame(volume, other)))
            .map(volume -> "the pod has another volume " + volume.getName());
    return Stream.concat(inVolumes, containers.stream().flatMap(this::obstacles)).findFirst();
  }

  private Stream<String> obstacles(ContainerRef ref) {
    var container = ref.container();
    var variables =
        env.stream()
            .filter(variable ->
                container.getEnv().stream()
                    .anyMatch(other ->
                        variable.getName().equals(other.getName())
                            && !Equivalence.areSame(variable, other)))
            .map(variable -> "env " + variable.getName());
    var sources =
        envFrom.stream()
            .filter(source ->
                container.getEnvFrom().stream()
                    .anyMatch(other ->
                        key(source).equals(key(other)) && !Equivalence.areSame(source, other)))
            .map(source -> "envFrom " + key(source));
    var others = foreignMounts(container);
    var taken =
        mounts.stream()
            .filter(mount ->
                others.stream()
                    .anyMatch(other ->
                        Objects.equals(mount.getName(), other.getName())
                            || MountPaths.areSame(mount.getMountPath(), other.getMountPath())))
            .map(mount -> "volumeMount " + mount.getName() + " at " + mount.getMountPath());
    var conflicts =
        Stream.of(variables, sources, taken)
            .flatMap(each -> each)
            .map(each -> "the pod has another " + each);
    var nested = nestedMounts.obstacle(others, missingMounts(container)).stream();
    return Stream.concat(conflicts, nested).map(each -> each + " in container " + ref.name());
  }

  /** Adds what the pod has not yet. */
  public void apply() {
    for (var volume : volumes) {
      if (patch.pod().getSpec().getVolumes().stream()
          .noneMatch(other -> volume.getName().equals(other.getName()))) {
        patch.spec().append(VOLUMES, volume);
      }
    }
    for (var ref : containers) {
      var container = patch.container(ref);
      for (var variable : env) {
        if (ref.container().getEnv().stream()
            .noneMatch(other -> variable.getName().equals(other.getName()))) {
          container.prepend(ENV, variable);
        }
      }
      for (var source : envFrom) {
        if (ref.container().getEnvFrom().stream()
            .noneMatch(other -> key(source).equals(key(other)))) {
          container.append(ENV_FROM, new EnvFromSourceBuilder(source).build());
        }
      }
      for (var mount : missingMounts(ref.container())) {
        container.append(VOLUME_MOUNTS, new VolumeMountBuilder(mount).build());
      }
    }
  }

  /** The mounts and devices of the container that are not the preset's. */
  private List<VolumeMount> foreignMounts(Container container) {
    var devices =
        container.getVolumeDevices().stream()
            .map(device ->
                new VolumeMountBuilder()
                    .withName(device.getName())
                    .withMountPath(device.getDevicePath())
                    .build());
    return Stream.concat(
            container.getVolumeMounts().stream().filter(mount -> !isAmong(mounts, mount)), devices)
        .toList();
  }

  private List<VolumeMount> missingMounts(Container container) {
    return mounts.stream().filter(mount -> !isAmong(container.getVolumeMounts(), mount)).toList();
  }

  private static boolean isAmong(List<VolumeMount> mounts, VolumeMount mount) {
    return mounts.stream()
        .anyMatch(other ->
            Objects.equals(mount.getName(), other.getName()) && Equivalence.areSame(mount, other));
  }

  /** Later fixes may bound an {@code emptyDir} and take an image from elsewhere. */
  private static boolean isSame(Volume volume, Volume found) {
    var expected = new VolumeBuilder(volume).build();
    var directory = expected.getEmptyDir();
    if (directory != null && directory.getSizeLimit() == null && found.getEmptyDir() != null) {
      directory.setSizeLimit(found.getEmptyDir().getSizeLimit());
    }
    if (expected.getImage() != null && found.getImage() != null) {
      expected.setImage(found.getImage());
    }
    return Equivalence.areSame(expected, found);
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
