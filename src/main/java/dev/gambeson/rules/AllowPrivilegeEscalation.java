package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Set;

@Doc(
    """
    Keeps a process from gaining more privileges than its parent, through set-user-ID programs for example.

    **Field:** `securityContext.allowPrivilegeEscalation` of every container. **Allowed:** `false`.

    **The fix** sets `false` where the field is absent. It leaves out containers that are `privileged` or add `CAP_SYS_ADMIN`, for
    which the API server refuses the value, and Windows pods. An image that calls `sudo`, or `ping` with a set-user-ID bit, notices.

    **Standard:** Pod Security "restricted" from v1.8 on; Windows pods are exempt from v1.25 on.
    """)
final class AllowPrivilegeEscalation
    implements Rule.Fix<NoOptions>, Rule.Check<NoOptions>, Rule.WithoutOptions {

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.ALL;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(PodSecurityLevel.RESTRICTED);
  }

  @Override
  public void fix(NoOptions options, PodPatch patch, Scope scope) {
    if (PodTraits.isWindows(patch.pod())) {
      return;
    }
    for (var container : fixable(patch.pod(), scope)) {
      if (!needsEscalation(container)) {
        patch
            .securityContext(container)
            .fill(
                "allowPrivilegeEscalation",
                SecurityContext::getAllowPrivilegeEscalation,
                SecurityContext::setAllowPrivilegeEscalation,
                false);
      }
    }
  }

  @Override
  public String atRisk() {
    return "it calls set-user-ID programs";
  }

  @Override
  public void check(NoOptions options, Pod pod, Scope scope, Violations violations) {
    if (!scope.version().atLeast(8)
        || (scope.version().atLeast(25) && PodTraits.declaresWindows(pod))) {
      return;
    }
    for (var container : containersOf(pod)) {
      var value = container.securityContext(SecurityContext::getAllowPrivilegeEscalation);
      if (!Boolean.FALSE.equals(value)) {
        violations.add(
            PodSecurityLevel.RESTRICTED,
            container,
            container.path("securityContext", "allowPrivilegeEscalation"),
            value == null ? "nothing" : "true",
            "false",
            false);
      }
    }
  }

  /** API validation refuses {@code false} beside these two, the second spelt exactly so. */
  private static boolean needsEscalation(ContainerRef container) {
    var capabilities = container.securityContext(SecurityContext::getCapabilities);
    return container.isPrivileged()
        || (capabilities != null && capabilities.getAdd().contains("CAP_SYS_ADMIN"));
  }
}
