package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.ALLOW_PRIVILEGE_ESCALATION;
import static dev.gambeson.rule.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Optional;
import java.util.Set;

@Doc(
    """
    Keeps a process from gaining more privileges than its parent, through set-user-ID programs for
    example.

    **Field:** `securityContext.allowPrivilegeEscalation` of every container. **Allowed:** `false`.

    **The fix** sets `false` where the field is absent. It leaves out containers that are
    `privileged`, for which the API server refuses the value, containers that add capabilities, and
    Windows pods.

    **File capabilities:** with `false`, the kernel ignores set-user-ID bits and file capabilities
    (`no_new_privs`). `sudo` and `su` stop working, and so does a `ping` with one of the two. A
    program that runs as non-root and uses a capability which its container adds mostly has it from
    its file: the controller of ingress-nginx, CoreDNS or Caddy for `NET_BIND_SERVICE`, Vault for
    `IPC_LOCK`. So for containers that add capabilities only the author can write `false`; the check
    asks for it.

    **Standard:** Pod Security "restricted" from v1.8 on; Windows pods are exempt from v1.25 on.
    """)
record AllowPrivilegeEscalation() implements Rule.Fix, Rule.Check {

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " find / -xdev -type f -perm /6000",
            "lists the programs that gain privileges when they start: the container must start none of them"));
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(RESTRICTED);
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (PodTraits.isWindows(patch.pod())) {
      return;
    }
    for (var container : fixable(patch.pod(), scope)) {
      if (!container.isPrivileged() && !addsCapabilities(container)) {
        patch.securityContext(container).fill(ALLOW_PRIVILEGE_ESCALATION, false);
      }
    }
  }

  @Override
  public String atRisk() {
    return "it calls set-user-ID programs or relies on file capabilities";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (!scope.version().atLeast(8)
        || (scope.version().atLeast(25) && PodTraits.declaresWindows(pod))) {
      return;
    }
    for (var container : containersOf(pod)) {
      var value = container.securityContext(SecurityContext::getAllowPrivilegeEscalation);
      if (!Boolean.FALSE.equals(value)) {
        violations
            .at(container, container.path("securityContext", "allowPrivilegeEscalation"))
            .level(RESTRICTED)
            .found(value)
            .wanted(
                value == null && addsCapabilities(container)
                    ? "false, set by you: it disables file capabilities"
                    : "false")
            .remedy(false);
      }
    }
  }

  private static boolean addsCapabilities(ContainerRef container) {
    var capabilities = container.securityContext(SecurityContext::getCapabilities);
    return capabilities != null && !capabilities.getAdd().isEmpty();
  }
}
