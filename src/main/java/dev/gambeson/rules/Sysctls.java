package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.SYSCTLS;
import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.KernelParameters;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Selecting;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.SysctlBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

@Doc(
    """
    Sets kernel parameters of a pod without a privileged init container, and refuses those that
    reach beyond the pod.

    **Field:** `spec.securityContext.sysctls`. **Allowed:** `kernel.shm_rmid_forced`,
    `net.ipv4.ip_local_port_range`, `net.ipv4.ip_unprivileged_port_start`,
    `net.ipv4.tcp_syncookies`, `net.ipv4.ping_group_range`; from v1.27 on
    `net.ipv4.ip_local_reserved_ports`; from v1.29 on `net.ipv4.tcp_keepalive_time`,
    `net.ipv4.tcp_fin_timeout`, `net.ipv4.tcp_keepalive_intvl`, `net.ipv4.tcp_keepalive_probes`;
    from v1.32 on `net.ipv4.tcp_rmem`, `net.ipv4.tcp_wmem`; from v1.37 on
    `net.ipv4.tcp_slow_start_after_idle`, `net.ipv4.tcp_notsent_lowat`; and what `sets` gives to
    just this pod, name and value.

    **Standard:** Pod Security "baseline", every version. The rule's own `check` is about `allowed`.

    **The fix** writes the parameters of every entry of `sets` that selects the pod; of two values
    for one name, that of the first entry in the order of their names. A pod whose author wrote any
    is left alone, and so are pods of Windows nodes. Left out, with a warning: `net.…` in the node's
    network, `kernel.sem`, `kernel.shm…`, `kernel.msg…` and `fs.mqueue.…` in the node's IPC
    namespace, which the API server refuses, and what Pod Security refuses where the namespace's own
    label enforces "baseline" or "restricted".

    **Mind:** a kubelet refuses to run a pod with an unsafe parameter, unless its
    `--allowed-unsafe-sysctls` names it. Safe are those that Pod Security allows.
    """)
record Sysctls(
    @Doc(
            "what to set, by name: the `pods` by their labels (`{}` for all), `namespaces` as"
                + " patterns (none for all), and `sysctls`")
        Map<String, Entry> sets,
    @Doc("the names that the rule's own check allows: patterns; empty for any")
        List<String> allowed)
    implements Rule.Fix, Rule.Check {
  Sysctls {
    sets = Collections.unmodifiableSortedMap(new TreeMap<>(sets));
    allowed = List.copyOf(allowed);
  }

  Sysctls() {
    this(Map.of(), List.of());
  }

  /** The parameters of some pods. */
  record Entry(PodSelector pods, List<String> namespaces, List<Sysctl> sysctls)
      implements Selecting {
    Entry {
      namespaces = List.copyOf(namespaces);
      sysctls = List.copyOf(sysctls);
      for (var sysctl : sysctls) {
        if (!KernelParameters.isName(Objects.toString(sysctl.getName(), ""))) {
          throw new IllegalArgumentException(
              "sysctls: \""
                  + sysctl.getName()
                  + "\" is not a valid name: write kernel.sem, for example");
        }
        if (sysctl.getValue() == null) {
          throw new IllegalArgumentException("sysctls: " + sysctl.getName() + " has no value");
        }
      }
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
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public boolean checksOptions() {
    return true;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (!present(pod).isEmpty() || PodTraits.isWindows(pod)) {
      return;
    }
    var names = new ArrayList<String>();
    for (var sysctl : wanted(pod, scope)) {
      var name = sysctl.getName();
      if (names.contains(name)) {
        continue;
      }
      names.add(name);
      var obstacle = KernelParameters.obstacle(name, pod, scope);
      if (!obstacle.isEmpty()) {
        patch.warn("not " + name + ": " + obstacle);
        continue;
      }
      patch.podSecurityContext().append(SYSCTLS, new SysctlBuilder(sysctl).build());
    }
  }

  @Override
  public String atRisk() {
    return "it needs the kernel parameter";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var sysctls = present(pod);
    if (sysctls.isEmpty()) {
      return;
    }
    var granted = wanted(pod, scope);
    for (int i = 0; i < sysctls.size(); i++) {
      if (granted.contains(sysctls.get(i))) {
        continue;
      }
      var name = Objects.toString(sysctls.get(i).getName(), "no name");
      var path = FieldPath.of("spec", "securityContext", "sysctls", i, "name");
      if (!KernelParameters.isSafe(name, scope)) {
        violations
            .at(path)
            .level(BASELINE)
            .found(name)
            .wanted("it left out, or one that Pod Security baseline allows")
            .allowed(KernelParameters.safe(scope))
            .remedy(Removal.ELEMENT);
      }
      if (!allowed().isEmpty() && !Glob.anyMatches(allowed(), name)) {
        violations
            .at(path)
            .found(name)
            .wanted("one of " + Violation.list(allowed(), ", "))
            .allowed(allowed())
            .remedy(Removal.ELEMENT);
      }
    }
  }

  private List<Sysctl> wanted(Pod pod, Scope scope) {
    var wanted = new ArrayList<Sysctl>();
    for (var entry : sets().values()) {
      if (entry.selects(pod, scope)) {
        wanted.addAll(entry.sysctls());
      }
    }
    return wanted;
  }

  private static List<Sysctl> present(Pod pod) {
    var sysctls = PodTraits.securityContext(pod, PodSecurityContext::getSysctls);
    return sysctls == null ? List.of() : sysctls;
  }
}
