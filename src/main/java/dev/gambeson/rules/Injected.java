package dev.gambeson.rules;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.MountPaths;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** What an administrator configured to be put into pods: mistakes in it, and who refuses it. */
final class Injected {
  private Injected() {}

  /**
   * Refuses what would make the API server refuse every pod that gets it.
   *
   * @throws IllegalArgumentException which names the field first
   */
  static void require(List<Volume> volumes, List<VolumeMount> mounts) {
    ApiValidation.requireVolumes("volumes", volumes);
    var names = new HashSet<String>();
    for (var volume : volumes) {
      if (!names.add(volume.getName())) {
        throw new IllegalArgumentException("volumes: each needs a name of its own");
      }
    }
    var paths = new HashSet<String>();
    for (var mount : mounts) {
      var path = Objects.toString(mount.getMountPath(), "");
      if (!path.startsWith("/") || path.contains(":") || !paths.add(MountPaths.normal(path))) {
        throw new IllegalArgumentException(
            "volumeMounts: each needs a mountPath of its own, an absolute path without a colon");
      }
      if (!names.contains(mount.getName())) {
        throw new IllegalArgumentException(
            "volumeMounts: \"" + mount.getName() + "\" is none of the volumes beside it");
      }
      if ("Bidirectional".equals(mount.getMountPropagation())) {
        throw new IllegalArgumentException(
            "volumeMounts: mountPropagation Bidirectional is for privileged containers only");
      }
    }
  }

  /** Where the pod has volumes of these names. */
  static List<FieldPath> places(List<Volume> volumes, Pod pod) {
    var names = volumes.stream().map(Volume::getName).toList();
    var present = pod.getSpec().getVolumes();
    return IntStream.range(0, present.size())
        .filter(i -> names.contains(present.get(i).getName()))
        .mapToObj(i -> FieldPath.of("spec", "volumes", i))
        .toList();
  }

  /**
   * Whether Pod Security would refuse a pod in the namespace for that alone. What only "restricted"
   * asks of a container is not counted: later fixes may write it.
   */
  static boolean isRefused(List<Container> containers, List<Volume> volumes, Scope scope) {
    if (scope.namespaceLevel() == PodSecurityLevel.PRIVILEGED) {
      return false;
    }
    var pod =
        new PodBuilder()
            .withMetadata(new ObjectMeta())
            .withNewSpec()
            .withContainers(containers)
            .withVolumes(volumes)
            .endSpec()
            .build();
    return Rules.all().stream()
        .flatMap(rule -> violations(rule, pod, scope).all().stream())
        .anyMatch(violation -> isCertain(violation, scope.namespaceLevel()));
  }

  private static boolean isCertain(Violation violation, PodSecurityLevel enforced) {
    var level = violation.level();
    return level == PodSecurityLevel.BASELINE
        || (level == enforced && violation.path().toString().startsWith("spec.volumes"));
  }

  private static Violations violations(Rule rule, Pod pod, Scope scope) {
    var violations = new Violations(rule);
    if (rule instanceof Rule.Check checking && !checking.controls().isEmpty()) {
      checking.check(pod, scope.withoutHostPaths(), violations);
    }
    return violations;
  }
}
