package dev.gambeson.rule;

import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.regex.Pattern;

/** What Kubernetes knows of kernel parameters: how they are called, and where they may be set. */
public final class KernelParameters {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*");

  private static final Pattern OF_IPC =
      Pattern.compile("kernel\\.(sem$|shm|msg).*|fs\\.mqueue\\..*");

  /** Allowed from that minor version on. */
  private record Parameter(String name, int since) {}

  private static final List<Parameter> ALLOWED =
      List.of(
          new Parameter("kernel.shm_rmid_forced", 0),
          new Parameter("net.ipv4.ip_local_port_range", 0),
          new Parameter("net.ipv4.ip_unprivileged_port_start", 0),
          new Parameter("net.ipv4.tcp_syncookies", 0),
          new Parameter("net.ipv4.ping_group_range", 0),
          new Parameter("net.ipv4.ip_local_reserved_ports", 27),
          new Parameter("net.ipv4.tcp_keepalive_time", 29),
          new Parameter("net.ipv4.tcp_fin_timeout", 29),
          new Parameter("net.ipv4.tcp_keepalive_intvl", 29),
          new Parameter("net.ipv4.tcp_keepalive_probes", 29),
          new Parameter("net.ipv4.tcp_rmem", 32),
          new Parameter("net.ipv4.tcp_wmem", 32),
          new Parameter("net.ipv4.tcp_slow_start_after_idle", 37),
          new Parameter("net.ipv4.tcp_notsent_lowat", 37));

  private KernelParameters() {}

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether Pod Security baseline allows the parameter. */
  public static boolean isSafe(String name, Scope scope) {
    return ALLOWED.stream()
        .anyMatch(
            parameter -> parameter.name.equals(name) && scope.version().atLeast(parameter.since));
  }

  /** The parameters that Pod Security baseline allows. */
  public static List<String> safe(Scope scope) {
    return ALLOWED.stream()
        .filter(parameter -> scope.version().atLeast(parameter.since))
        .map(Parameter::name)
        .toList();
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
