package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.HOST_USERS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives pods users of their own: who is root in the pod, or breaks out of it, is nobody on the
    node.

    **Field:** `spec.hostUsers`. **Allowed:** `false`.

    **The fix** sets `false` where the field is absent. From v1.35 of the Pod Security Standards on
    such a pod need not run as non-root, so `RunAsNonRoot`, whose fix comes later, leaves it alone,
    and its image starts whoever its user is.

    **Left alone, by the check too:** what the API server or the kubelet would refuse: pods with
    `hostNetwork`, `hostPID`, `hostIPC`, `volumeDevices`, `privileged` containers, a
    `runtimeClassName`, or an ID of a user or group above 65535; Windows pods; and pods with any
    volume but `configMap`, `downwardAPI`, `emptyDir`, `projected`, `secret` and those in
    `furtherVolumes`.

    **Volumes:** each file system of the pod must know mounts with mapped IDs, or the pod does not
    start: ext4, xfs, btrfs and tmpfs do, NFS and most others over the network do not, nor does
    lxcfs. What is behind a claim or a path of the node cannot be seen here: name
    `persistentVolumeClaim`, or others, in `furtherVolumes` where all of yours are fit.

    **Mind:** needs Kubernetes 1.33 or newer (an older API server may drop the field), Linux 6.3,
    and containerd 2.0 or CRI-O on every node: elsewhere the pod does not start. Capabilities count
    inside the pod only: a program that loads modules or sets the clock fails.

    **Standard:** none; the check is the rule's own.
    """)
record HostUsers(
    @Doc(
            "which volumes a pod may have besides those that the kubelet fills: `csi`, `ephemeral`, `hostPath`, `image`,"
                + " `persistentVolumeClaim`")
        List<VolumeType> furtherVolumes)
    implements Rule.RelaxesOthers, Rule.Check {
  /** The IDs that the kubelet maps into a pod. */
  private static final long LAST_ID = 65_535;

  HostUsers {
    furtherVolumes = List.copyOf(furtherVolumes);
  }

  HostUsers() {
    this(List.of());
  }

  /** The types of volumes whose file system cannot be seen in the pod. */
  enum VolumeType {
    CSI("csi"),
    EPHEMERAL("ephemeral"),
    HOST_PATH("hostPath"),
    IMAGE("image"),
    PERSISTENT_VOLUME_CLAIM("persistentVolumeClaim");

    private final String field;

    VolumeType(String field) {
      this.field = field;
    }

    private boolean isTypeOf(Volume volume) {
      return switch (this) {
            case CSI -> volume.getCsi();
            case EPHEMERAL -> volume.getEphemeral();
            case HOST_PATH -> volume.getHostPath();
            case IMAGE -> volume.getImage();
            case PERSISTENT_VOLUME_CLAIM -> volume.getPersistentVolumeClaim();
          }
          != null;
    }

    @Override
    public String toString() {
      return field;
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            "kubectl get nodes -o custom-columns=NAME:.metadata.name,KERNEL:.status.nodeInfo.kernelVersion,RUNTIME:.status.nodeInfo.containerRuntimeVersion",
            "shows whether each node has Linux 6.3 and containerd 2.0 or newer, without which the pod cannot start"));
  }

  /** Pod Security lets such pods run as root. */
  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (isFit(patch.pod()) && !PodTraits.isWindows(patch.pod())) {
      patch.spec().fill(HOST_USERS, false);
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (!PodTraits.usesUserNamespace(pod) && isFit(pod) && !PodTraits.declaresWindows(pod)) {
      violations
          .at(FieldPath.of("spec", "hostUsers"))
          .found(pod.getSpec().getHostUsers())
          .wanted("false")
          .remedy(false);
    }
  }

  /** Whether the API server and the kubelet take the pod with users of its own. */
  private boolean isFit(Pod pod) {
    var spec = pod.getSpec();
    var runtimeClass = spec.getRuntimeClassName();
    return !PodTraits.usesHostNetwork(pod)
        && !Boolean.TRUE.equals(spec.getHostPID())
        && !Boolean.TRUE.equals(spec.getHostIPC())
        && (runtimeClass == null || runtimeClass.isEmpty())
        && haveFitSources(spec.getVolumes())
        && areFit(ContainerRef.all(pod))
        && isFit(spec.getSecurityContext());
  }

  private boolean haveFitSources(List<Volume> volumes) {
    for (var volume : volumes) {
      if (!isFit(volume)) {
        return false;
      }
    }
    return true;
  }

  private boolean isFit(Volume volume) {
    return volume.getConfigMap() != null
        || volume.getDownwardAPI() != null
        || volume.getEmptyDir() != null
        || volume.getProjected() != null
        || volume.getSecret() != null
        || furtherVolumes().stream().anyMatch(type -> type.isTypeOf(volume));
  }

  private static boolean areFit(List<ContainerRef> containers) {
    for (var container : containers) {
      if (container.isPrivileged()
          || !container.container().getVolumeDevices().isEmpty()
          || !isFit(container.securityContext(SecurityContext::getRunAsUser))
          || !isFit(container.securityContext(SecurityContext::getRunAsGroup))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFit(@Nullable PodSecurityContext context) {
    return context == null
        || (isFit(context.getRunAsUser())
            && isFit(context.getRunAsGroup())
            && isFit(context.getFsGroup())
            && areGroupsFit(context.getSupplementalGroups()));
  }

  private static boolean areGroupsFit(List<Long> groups) {
    for (var group : groups) {
      if (!isFit(group)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFit(@Nullable Long id) {
    return id == null || id <= LAST_ID;
  }
}
