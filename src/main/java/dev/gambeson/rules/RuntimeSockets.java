package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.pod.VolumeUse;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

@Doc(
    """
    Refuses volumes that hand a pod the socket of a container runtime.

    Who can talk to that is root on the node, past every other rule.

    **Field:** `spec.volumes[*].hostPath` whose path is one of `sockets`, or a folder that has one
    in it: `/run/containerd`, `/run` and `/` for `/run/containerd/containerd.sock`. `//run/`,
    `/var/run`, `/srv/../run` and `/proc/1/root/run` are all `/run`.

    The volume is reported once, with the containers that mount it. `HostPathVolumes`, where it is
    enforced, refuses it anyway; this rule guards those who are exempted from that one.

    **Mind:** a symbolic link on the node, and a persistent volume of type `hostPath` or `local`,
    lead there unseen.
    """)
record RuntimeSockets(
    @Doc("the sockets, as absolute paths on the node, or named pipes of Windows")
        List<String> sockets)
    implements Rule.Check {
  /** Possessive: otherwise each repetition would take a piece of the stack. */
  private static final Pattern ROOT_OF_A_PROCESS =
      Pattern.compile("^(?:/proc/[^/]+(?:/task/[^/]+)?/(?:root|cwd)(?=/))++");

  /** So many containers of a volume are named. */
  private static final int SHOWN = 8;

  private static final int LONGEST_NAME = 63;

  RuntimeSockets {
    sockets = List.copyOf(sockets);
    for (var socket : sockets) {
      if (!socket.startsWith("/") && !socket.startsWith("\\\\")) {
        throw new IllegalArgumentException("sockets: \"" + socket + "\" is not an absolute path");
      }
    }
  }

  RuntimeSockets() {
    this(
        List.of(
            "/run/docker.sock",
            "/run/dockershim.sock",
            "/run/cri-dockerd.sock",
            "/run/containerd/containerd.sock",
            "/run/crio/crio.sock",
            "/run/podman/podman.sock",
            "/run/k3s/containerd/containerd.sock",
            "/run/k0s/containerd.sock",
            "/var/snap/microk8s/common/run/containerd.sock",
            "\\\\.\\pipe\\docker_engine",
            "\\\\.\\pipe\\containerd-containerd"));
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public String atRisk() {
    return "it needs the volume";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var index = new PodIndex(pod);
    var volumes = pod.getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      var hostPath = volume.getHostPath();
      if (hostPath == null || hostPath.getPath() == null) {
        continue;
      }
      var path = normal(hostPath.getPath());
      var field = FieldPath.of("spec", "volumes", i, "hostPath");
      sockets().stream()
          .filter(socket -> normal(socket).startsWith(path))
          .findFirst()
          .ifPresent(socket ->
              violations
                  .at(field)
                  .found(
                      hostPath.getPath()
                          + (normal(socket).equals(path) ? "" : " (above " + socket + ")")
                          + " in volume \""
                          + volume.getName()
                          + "\""
                          + mounts(index.use(volume)))
                  .wanted("no socket of a container runtime, and no folder above one")
                  .remedy(Removal.ELEMENT));
    }
  }

  private static String mounts(VolumeUse use) {
    var containers = use.containers();
    if (containers.isEmpty()) {
      return ", mounted nowhere";
    }
    return containers.stream()
        .limit(SHOWN)
        .map(name -> "\"" + Violation.shorten(name, LONGEST_NAME) + "\"")
        .collect(
            Collectors.joining(
                ", ",
                ", mounted in ",
                containers.size() > SHOWN ? ", … (" + containers.size() + " in all)" : ""));
  }

  /**
   * As the node's kernel sees it, ending in a slash; the separators of Windows count as slashes.
   */
  private static String normal(String path) {
    var normal = MountPaths.normal(path.replace('\\', '/'));
    normal = ROOT_OF_A_PROCESS.matcher(normal).replaceFirst("");
    return normal.startsWith("/var/run/") ? normal.substring("/var".length()) : normal;
  }
}
