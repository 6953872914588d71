package dev.gambeson.rule;

import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.regex.Pattern;

/** What Kubernetes knows of kernel parameters: how they are called, and where they may be set. */
public final class KernelParameters {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*");

  private static final Pattern OF_IPC =
      Pattern.compile("kernel\\.(sem$|shm|msg).*|fs\\.mqueue\\..*");

  /** The parameters, and the minor version from which on each is allowed. */
  private static final Map<String, Integer> ALLOWED_SINCE =
      Map.ofEntries(
          Map.entry("kernel.shm_rmid_forced", 0),
          Map.entry("net.ipv4.ip_local_port_range", 0),
          Map.entry("net.ipv4.ip_unprivileged_port_start", 0),
          Map.entry("net.ipv4.tcp_syncookies", 0),
          Map.entry("net.ipv4.ping_group_range", 0),
          Map.entry("net.ipv4.ip_local_reserved_ports", 27),
          Map.entry("net.ipv4.tcp_keepalive_time", 29),
          Map.entry("net.ipv4.tcp_fin_timeout", 29),
          Map.entry("net.ipv4.tcp_keepalive_intvl", 29),
          Map.entry("net.ipv4.tcp_keepalive_probes", 29),
          Map.entry("net.ipv4.tcp_rmem", 32),
          Map.entry("net.ipv4.tcp_wmem", 32),
          Map.entry("net.ipv4.tcp_slow_start_after_idle", 37),
          Map.entry("net.ipv4.tcp_notsent_lowat", 37));

  private KernelParameters() {}

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether Pod Security baseline allows the parameter. */
  public static boolean isSafe(String name, Scope scope) {
    var since = ALLOWED_SINCE.get(name);
    return since != null && scope.version().atLeast(since);
  }

  /** Why the pod cannot have the parameter; empty where it can. */
  public static String obstacle(String name, Pod pod, Scope scope) {
    if (name.startsWith("net.") && PodTraits.usesHostNetwork(pod)) {
      return "the pod is in the node's network";
    }
    if (OF_IPC.matcher(name).matches() && Boolean.TRUE.equals(pod.getSpec().getHostIPC())) {
      return "the pod is in the node's IPC namespace";
    }
    return scope.namespaceLevel() != PodSecurityLevel.PRIVILEGED && !isSafe(name, scope)
        ? "the Pod Security level of the namespace refuses it"
        : "";
  }
}
