package dev.gambeson.rule;

import static dev.gambeson.pod.Fields.CONTAINERS;
import static dev.gambeson.pod.Fields.INIT_CONTAINERS;
import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_MOUNTS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.NestedMounts;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One sidecar and one pod that has none of its name. */
public final class SidecarInjection {
  private final String name;
  private final Sidecar sidecar;
  private final PodPatch patch;
  private final List<ContainerRef> application;
  private final List<Volume> volumes = new ArrayList<>();
  private final List<VolumeMount> sharedMounts = new ArrayList<>();
  private final List<VolumeMount> mountsOfTheApplication = new ArrayList<>();

  public SidecarInjection(
      String name, Sidecar sidecar, PodPatch patch, List<ContainerRef> application) {
    this.name = name;
    this.sidecar = sidecar;
    this.patch = patch;
    this.application = application;
    sidecar.volumes().stream().map(PodDefaults::complete).forEach(volumes::add);
    sidecar.sharedFolders().forEach(this::share);
  }

  private void share(String folder) {
    var present = mountOf(folder);
    if (present.isPresent()) {
      sharedMounts.add(
          new VolumeMountBuilder()
              .withName(present.get().getName())
              .withMountPath(present.get().getMountPath())
              .withSubPath(present.get().getSubPath())
              .withReadOnly(true)
              .build());
      return;
    }
    var volume =
        new VolumeBuilder()
            .withName(name + "-shared-" + sidecar.sharedFolders().indexOf(folder))
            .withNewEmptyDir()
            .endEmptyDir()
            .build();
    var mount = new VolumeMountBuilder().withName(volume.getName()).withMountPath(folder).build();
    volumes.add(volume);
    mountsOfTheApplication.add(mount);
    sharedMounts.add(new VolumeMountBuilder(mount).withReadOnly(true).build());
  }

  /** The mount of the application that has the folder: at it, or nearest above. */
  private Optional<VolumeMount> mountOf(String folder) {
    return application.stream()
        .map(container ->
            container.container().getVolumeMounts().stream()
                .filter(mount -> mount.getName() != null && mount.getMountPath() != null)
                // Its variables are the application's.
                .filter(mount -> mount.getSubPathExpr() == null)
                .filter(mount -> MountPaths.isAbove(mount.getMountPath(), folder))
                .max(
                    Comparator.comparingInt(
                        mount -> MountPaths.normal(mount.getMountPath()).length())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What is in the way; empty where nothing is. */
  public String conflict() {
    var present = patch.pod().getSpec().getVolumes();
    for (var volume : volumes) {
      if (present.stream().anyMatch(other -> volume.getName().equals(other.getName()))) {
        return "the pod has a volume named " + volume.getName();
      }
    }
    var mounts = mounts();
    for (int i = 0; i < mounts.size(); i++) {
      for (var other : mounts.subList(0, i)) {
        if (MountPaths.areSame(mounts.get(i).getMountPath(), other.getMountPath())) {
          return "it would mount two volumes at " + other.getMountPath();
        }
      }
    }
    for (var mount : mountsOfTheApplication) {
      for (var container : application) {
        if (MountPaths.isOccupied(container, mount.getMountPath())) {
          return "container " + container.name() + " has something below " + mount.getMountPath();
        }
      }
    }
    return nestedMount().orElse("");
  }

  private List<VolumeMount> mounts() {
    return Stream.concat(sidecar.container().getVolumeMounts().stream(), sharedMounts.stream())
        .toList();
  }

  /**
   * A mount that cannot be made in the sidecar, among them that of the token, which comes later.
   */
  private Optional<String> nestedMount() {
    var nested =
        new NestedMounts(
            Stream.concat(patch.pod().getSpec().getVolumes().stream(), volumes.stream()));
    var present =
        application.stream()
            .flatMap(container -> container.container().getVolumeMounts().stream())
            .filter(mount -> PodDefaults.TOKEN_MOUNT_PATH.equals(mount.getMountPath()))
            .limit(1)
            .collect(Collectors.toCollection(ArrayList::new));
    for (var mount : sharedMounts) {
      var obstacle = nested.obstacle(present, List.of(mount));
      if (obstacle.isPresent()) {
        return obstacle;
      }
      present.add(mount);
    }
    return nested.obstacle(present, sidecar.container().getVolumeMounts());
  }

  public void apply() {
    for (var volume : volumes) {
      patch.spec().append(VOLUMES, volume);
    }
    for (var container : application) {
      for (var mount : mountsOfTheApplication) {
        patch.container(container).append(VOLUME_MOUNTS, new VolumeMountBuilder(mount).build());
      }
    }
    var container =
        new ContainerBuilder(sidecar.container())
            .withName(name)
            .withVolumeMounts(mounts())
            .withRestartPolicy(sidecar.isNative() ? "Always" : null)
            .build();
    PodDefaults.requestLimits(container);
    var spec = patch.spec();
    if (sidecar.isFirst()) {
      spec.prepend(INIT_CONTAINERS, container);
    } else if (sidecar.isNative()) {
      spec.append(INIT_CONTAINERS, container);
    } else {
      spec.append(CONTAINERS, container);
    }
  }
}
