package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

@Doc(
    """
    Refuses volumes that are directories or files of the node.

    **Field:** `spec.volumes[*].hostPath`. **Allowed:** absent, and what `LxcfsMounts` or `Timezone`
    of the same profile mounts: the same path and type, mounted read-only where they mount it and
    nowhere else.

    **Exemptions** are bounded by `paths` and `readOnly`: the volume is one of the paths or lies
    below it, and with `readOnly: true` every mount of it, in whichever container, says `readOnly:
    true`. Mind that a pod which may write to a folder of its node may also put symbolic links
    there.

    **Standard:** Pod Security "baseline", every version. `VolumeTypes` leaves such volumes to this
    rule.
    """)
record HostPathVolumes() implements Rule.Bounded<HostPathVolumes.Values> {

  /** What an exemption may let a pod mount from its node. */
  record Values(
      @Doc("the folders and files of the node, with what lies below them") List<String> paths,
      @Doc("whether every mount must be read-only") boolean readOnly) {
    Values {
      paths = List.copyOf(paths);
      if (paths.isEmpty()) {
        throw new IllegalArgumentException("paths: is empty: write /var/log for example");
      }
      for (var path : paths) {
        if (!path.startsWith("/")) {
          throw new IllegalArgumentException(
              "paths: \"" + path + "\" is not a path from the root: write /var/log for example");
        }
        if (!readOnly && MountPaths.areSame("/", path)) {
          throw new IllegalArgumentException(
              "paths: / bounds nothing where it may be written to: name folders, or write"
                  + " readOnly: true");
        }
      }
    }

    boolean contain(Volume volume, PodIndex pod) {
      var path = volume.getHostPath().getPath();
      return path != null
          && paths.stream().anyMatch(above -> MountPaths.isAbove(above, path))
          && (!readOnly || pod.use(volume).isReadOnly());
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public String atRisk() {
    return "it needs the volume";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var volumes = pod.getSpec().getVolumes();
    if (!hasHostPath(volumes)) {
      return;
    }
    var index = new PodIndex(pod);
    var ofFixes = scope.hostPaths().get();
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      var hostPath = volume.getHostPath();
      if (hostPath != null && ofFixes.stream().noneMatch(mount -> mount.isAllOf(volume, index))) {
        violations
            .at(FieldPath.of("spec", "volumes", i, "hostPath"))
            .level(BASELINE)
            .found(hostPath.getPath() + " in volume \"" + volume.getName() + "\"")
            .wanted("no hostPath volume: an emptyDir or a persistentVolumeClaim, for example")
            .remedy(Removal.ELEMENT);
      }
    }
  }

  @Override
  public Class<Values> values() {
    return Values.class;
  }

  @Override
  public Optional<Violation> remainder(List<Values> granted, Violation violation, PodIndex pod) {
    var volume = volume(violation, pod);
    return granted.stream().anyMatch(values -> values.contain(volume, pod))
        ? Optional.empty()
        : Optional.of(violation);
  }

  /** Apart, so that what is only read stays so. */
  @Override
  public List<Values> tightestBounds(List<Violation> violations, PodIndex pod) {
    var paths = new TreeMap<Boolean, List<String>>();
    for (var violation : violations) {
      var volume = volume(violation, pod);
      var path = volume.getHostPath().getPath();
      boolean readOnly = pod.use(volume).isReadOnly();
      if (path != null && path.startsWith("/") && (readOnly || !MountPaths.areSame("/", path))) {
        paths.computeIfAbsent(readOnly, key -> new ArrayList<>()).add(path);
      }
    }
    return paths.entrySet().stream()
        .map(entry -> new Values(entry.getValue().stream().distinct().toList(), entry.getKey()))
        .toList();
  }

  private static boolean hasHostPath(List<Volume> volumes) {
    for (var volume : volumes) {
      if (volume.getHostPath() != null) {
        return true;
      }
    }
    return false;
  }

  private static Volume volume(Violation violation, PodIndex pod) {
    return pod.pod().getSpec().getVolumes().get((Integer) violation.path().segments().get(2));
  }
}
