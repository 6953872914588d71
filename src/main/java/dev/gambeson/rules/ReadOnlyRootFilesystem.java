package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

@Doc(
    """
    Keeps a process from changing the files of its image.

    **Field:** `securityContext.readOnlyRootFilesystem` of every container. **Allowed:** `true`.

    **The fix** sets `true` where the field is absent, and mounts an empty directory on each path of `writable`, in the containers that it sets the
    field in only. Each container gets directories of its own, so that containers share nothing by accident; a path that is inside a
    volume already is left as it is. It leaves out `privileged` containers and Windows pods.

    An image that writes elsewhere fails when it does. Directories of a pod count towards its limit of `ephemeral-storage`; `kubectl drain` asks for
    `--delete-emptydir-data`, and the cluster autoscaler for its annotation `cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes`,
    before they let go of a pod that has one.

    **Standard:** none; the check is the rule's own.
    """)
final class ReadOnlyRootFilesystem
    implements Rule.Fix<ReadOnlyRootFilesystem.Options>,
        Rule.Check<ReadOnlyRootFilesystem.Options> {
  /** The options of the rule. */
  record Options(
      @Doc("the directories that stay writable, as absolute paths") List<String> writable) {
    private static final Pattern DIRECTORY = Pattern.compile("(/(?!\\.\\.?(/|$))[^/:]+)+");

    Options {
      writable = List.copyOf(writable);
      for (var path : writable) {
        if (!DIRECTORY.matcher(path).matches()) {
          throw new IllegalArgumentException(
              "writable: \"" + path + "\" is no directory below /: write /tmp, for example");
        }
      }
    }
  }

  @Override
  public Options defaults() {
    return new Options(List.of("/tmp"));
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.ALL;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (PodTraits.isWindows(pod)) {
      return;
    }
    for (var container : fixable(pod, scope)) {
      if (!container.isPrivileged()
          && patch
              .securityContext(container)
              .fill(
                  "readOnlyRootFilesystem",
                  SecurityContext::getReadOnlyRootFilesystem,
                  SecurityContext::setReadOnlyRootFilesystem,
                  true)) {
        options.writable().stream()
            .filter(path -> !MountPaths.isInside(container, path))
            .forEach(path -> mountEmptyDirectory(path, container, patch));
      }
    }
  }

  @Override
  public String atRisk() {
    return "it writes to its root file system";
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    if (PodTraits.declaresWindows(pod)) {
      return;
    }
    for (var container : containersOf(pod)) {
      var value = container.securityContext(SecurityContext::getReadOnlyRootFilesystem);
      if (!Boolean.TRUE.equals(value)) {
        violations.add(
            container,
            container.path("securityContext", "readOnlyRootFilesystem"),
            value == null ? "nothing" : "false",
            "true",
            true);
      }
    }
  }

  private static void mountEmptyDirectory(String path, ContainerRef container, PodPatch patch) {
    var name = freeName(path, container, patch.pod().getSpec());
    patch
        .spec()
        .append(
            "volumes",
            PodSpec::getVolumes,
            PodSpec::setVolumes,
            new VolumeBuilder().withName(name).withEmptyDir(new EmptyDirVolumeSource()).build());
    patch
        .container(container)
        .append(
            "volumeMounts",
            Container::getVolumeMounts,
            Container::setVolumeMounts,
            new VolumeMountBuilder().withName(name).withMountPath(path).build());
  }

  /** A name that no volume has: the same for the same container and path of every pod. */
  private static String freeName(String path, ContainerRef container, PodSpec spec) {
    var taken = spec.getVolumes().stream().map(Volume::getName).toList();
    int hash = (container.name() + path).hashCode();
    var start = container.name().substring(0, Math.min(40, container.name().length()));
    return Stream.iterate(hash, next -> next + 1)
        .map(number -> "writable-%s-%08x".formatted(start, number))
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElseThrow();
  }
}
