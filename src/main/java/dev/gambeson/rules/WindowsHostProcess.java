package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.WindowsSecurityContextOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Refuses Windows containers that run as processes of their node.

    **Fields:** `windowsOptions.hostProcess` of `spec.securityContext` and of every container's
    `securityContext`. **Allowed:** absent, `false`.

    **Standard:** Pod Security "baseline", every version.
    """)
record WindowsHostProcess() implements Rule.Check {

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var level = BASELINE;
    if (isHostProcess(PodTraits.securityContext(pod, PodSecurityContext::getWindowsOptions))) {
      var path = FieldPath.of("spec", "securityContext", "windowsOptions", "hostProcess");
      violations.at(path).level(level).found("true").wanted("false").remedy(false);
    }
    for (var container : containersOf(pod)) {
      if (isHostProcess(container.securityContext(SecurityContext::getWindowsOptions))) {
        var path = container.path("securityContext", "windowsOptions", "hostProcess");
        violations.at(container, path).level(level).found("true").wanted("false").remedy(false);
      }
    }
  }

  private static boolean isHostProcess(@Nullable WindowsSecurityContextOptions options) {
    return options != null && Boolean.TRUE.equals(options.getHostProcess());
  }
}
