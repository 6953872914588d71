package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

@Doc(
    """
    Refuses containers that have all rights on their node.

    **Field:** `securityContext.privileged` of every container. **Allowed:** absent, `false`.

    There is no fix: a container that works privileged seldom works without, and only its author knows which capability it needs.

    **Standard:** Pod Security "baseline", every version.
    """)
final class Privileged implements Rule.Check<NoOptions>, Rule.WithoutOptions {

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.ALL;
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(PodSecurityLevel.BASELINE);
  }

  @Override
  public void check(NoOptions options, Pod pod, Scope scope, Violations violations) {
    for (var container : containersOf(pod)) {
      if (container.isPrivileged()) {
        violations.add(
            PodSecurityLevel.BASELINE,
            container,
            container.path("securityContext", "privileged"),
            "true",
            "false",
            false);
      }
    }
  }
}
