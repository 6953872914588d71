package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.READ_ONLY_ROOT_FILESYSTEM;
import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_MOUNTS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

@Doc(
    """
    Keeps a process from changing the files of its image.

    **Field:** `securityContext.readOnlyRootFilesystem` of every container. **Allowed:** `true`.

    **The fix** sets `true` where the field is absent, and mounts an empty directory on each path of
    `writable`, in the containers that it sets the field in only. Each container gets directories of
    its own, so that containers share nothing by accident; a path that is inside a volume already is
    left as it is. It leaves out `privileged` containers and Windows pods.

    An image that writes elsewhere fails when it does. Directories of a pod count towards its limit
    of `ephemeral-storage`; `kubectl drain` asks for `--delete-emptydir-data`, and the cluster
    autoscaler for its annotation `cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes`,
    before they let go of a pod that has one.

    **Standard:** none; the check is the rule's own.
    """)
record ReadOnlyRootFilesystem(
    @Doc("the directories that stay writable, as absolute paths") List<String> writable)
    implements Rule.Fix, Rule.Check {
  private static final Pattern DIRECTORY = Pattern.compile("(/(?!\\.\\.?(/|$))[^/:]+)+");

  ReadOnlyRootFilesystem {
    writable = List.copyOf(writable);
    for (var path : writable) {
      if (!DIRECTORY.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "writable: \"" + path + "\" is not a directory below /: write /tmp, for example");
      }
    }
  }

  ReadOnlyRootFilesystem() {
    this(List.of("/tmp"));
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " find / -xdev -type f -newer /etc/hostname",
            "lists the files that the container wrote since it started: mount a volume there"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (PodTraits.isWindows(pod)) {
      return;
    }
    var names = new FreeNames(pod.getSpec());
    for (var container : fixable(pod, scope)) {
      if (!container.isPrivileged()
          && patch.securityContext(container).fill(READ_ONLY_ROOT_FILESYSTEM, true)) {
        for (var path : writable()) {
          if (!MountPaths.isInside(container, path)) {
            mountEmptyDirectory(path, names.take(path, container), container, patch);
          }
        }
      }
    }
  }

  @Override
  public String atRisk() {
    return "it writes to its root file system";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (PodTraits.declaresWindows(pod)) {
      return;
    }
    for (var container : containersOf(pod)) {
      var value = container.securityContext(SecurityContext::getReadOnlyRootFilesystem);
      if (!Boolean.TRUE.equals(value)) {
        violations
            .at(container, container.path("securityContext", "readOnlyRootFilesystem"))
            .found(value)
            .wanted("true")
            .remedy(true);
      }
    }
  }

  private static void mountEmptyDirectory(
      String path, String name, ContainerRef container, PodPatch patch) {
    var volume = new Volume();
    volume.setName(name);
    volume.setEmptyDir(new EmptyDirVolumeSource());
    patch.spec().append(VOLUMES, volume);
    var mount = new VolumeMount();
    mount.setName(name);
    mount.setMountPath(path);
    patch.container(container).append(VOLUME_MOUNTS, mount);
  }

  /** Names that no volume of the pod has. */
  private static final class FreeNames {
    private final Set<String> taken = new HashSet<>();
    private int next = 2;

    FreeNames(PodSpec spec) {
      for (var volume : spec.getVolumes()) {
        taken.add(volume.getName());
      }
    }

    /** The same name for the same container and path of every pod, as long as it is free. */
    String take(String path, ContainerRef container) {
      var start = container.name().substring(0, Math.min(40, container.name().length()));
      var hash = HexFormat.of().toHexDigits((container.name() + path).hashCode());
      var wanted = "writable-" + start + "-" + hash;
      var name = wanted;
      // One count for all: a number that is taken is tried for one container only.
      while (!taken.add(name)) {
        name = wanted + "-" + next++;
      }
      return name;
    }
  }
}
