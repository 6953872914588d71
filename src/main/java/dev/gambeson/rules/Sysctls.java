package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

@Doc(
    """
    Refuses kernel parameters that reach beyond the pod.

    **Field:** `spec.securityContext.sysctls[*].name`. **Allowed:** `kernel.shm_rmid_forced`, `net.ipv4.ip_local_port_range`,
    `net.ipv4.ip_unprivileged_port_start`, `net.ipv4.tcp_syncookies`, `net.ipv4.ping_group_range`; from v1.27 on
    `net.ipv4.ip_local_reserved_ports`; from v1.29 on `net.ipv4.tcp_keepalive_time`, `net.ipv4.tcp_fin_timeout`, `net.ipv4.tcp_keepalive_intvl`,
    `net.ipv4.tcp_keepalive_probes`; from v1.32 on `net.ipv4.tcp_rmem`, `net.ipv4.tcp_wmem`; from v1.37 on `net.ipv4.tcp_slow_start_after_idle`,
    `net.ipv4.tcp_notsent_lowat`.

    **Standard:** Pod Security "baseline", every version.
    """)
final class Sysctls implements Rule.Check<NoOptions>, Rule.WithoutOptions {
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

  @Override
  public Set<ContainerRef.Kind> containers() {
    return Set.of();
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(PodSecurityLevel.BASELINE);
  }

  @Override
  public void check(NoOptions options, Pod pod, Scope scope, Violations violations) {
    var sysctls = PodTraits.securityContext(pod, PodSecurityContext::getSysctls);
    if (sysctls == null) {
      return;
    }
    for (int i = 0; i < sysctls.size(); i++) {
      var name = Objects.toString(sysctls.get(i).getName(), "no name");
      var since = ALLOWED_SINCE.get(name);
      if (since == null || !scope.version().atLeast(since)) {
        violations.add(
            PodSecurityLevel.BASELINE,
            FieldPath.of("spec", "securityContext", "sysctls", i, "name"),
            name,
            "one that Pod Security baseline allows",
            null);
      }
    }
  }
}
