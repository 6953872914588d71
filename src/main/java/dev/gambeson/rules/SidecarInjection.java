package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One sidecar and one pod that has none of its name. */
final class SidecarInjection {
  private final String name;
  private final Sidecars.Sidecar sidecar;
  private final PodPatch patch;
  private final List<ContainerRef> application;
  private final List<Volume> volumes = new ArrayList<>();
  private final List<VolumeMount> mounts = new ArrayList<>();
  private final List<VolumeMount> mountsOfTheApplication = new ArrayList<>();

  SidecarInjection(
      String name, Sidecars.Sidecar sidecar, PodPatch patch, List<ContainerRef> application) {
    this.name = name;
    this.sidecar = sidecar;
    this.patch = patch;
    this.application = application;
    sidecar.volumes().stream().map(PodDefaults::complete).forEach(volumes::add);
    mounts.addAll(sidecar.container().getVolumeMounts());
    sidecar.sharedFolders().forEach(this::share);
  }

  private void share(String folder) {
    var present = mountOf(folder);
    if (present.isPresent()) {
      mounts.add(
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
    mounts.add(new VolumeMountBuilder(mount).withReadOnly(true).build());
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
  String conflict() {
    var present = patch.pod().getSpec().getVolumes();
    for (var volume : volumes) {
      if (present.stream().anyMatch(other -> volume.getName().equals(other.getName()))) {
        return "the pod has a volume named " + volume.getName();
      }
    }
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
    return "";
  }

  void apply() {
    for (var volume : volumes) {
      patch.spec().append("volumes", PodSpec::getVolumes, PodSpec::setVolumes, volume);
    }
    for (var container : application) {
      for (var mount : mountsOfTheApplication) {
        patch
            .container(container)
            .append(
                "volumeMounts",
                Container::getVolumeMounts,
                Container::setVolumeMounts,
                new VolumeMountBuilder(mount).build());
      }
    }
    var container =
        new ContainerBuilder(sidecar.container()).withName(name).withVolumeMounts(mounts);
    if (sidecar.isNative()) {
      patch
          .spec()
          .append(
              "initContainers",
              PodSpec::getInitContainers,
              PodSpec::setInitContainers,
              container.withRestartPolicy("Always").build());
    } else {
      patch
          .spec()
          .append("containers", PodSpec::getContainers, PodSpec::setContainers, container.build());
    }
  }
}
