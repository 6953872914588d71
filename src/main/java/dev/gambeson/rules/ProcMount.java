package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;
import static dev.gambeson.rule.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Set;

@Doc(
    """
    Keeps those parts of `/proc` masked that show or change the node.

    **Field:** `securityContext.procMount` of every container. **Allowed:** absent, `Default`; with
    Pod Security "baseline" from v1.35 on, anything in a pod with `hostUsers: false`.

    **Standard:** Pod Security "baseline", every version; "restricted" from v1.35 on, for pods with
    `hostUsers: false` too.
    """)
record ProcMount() implements Rule.Check {

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE, RESTRICTED);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var level =
        scope.version().atLeast(35) && PodTraits.usesUserNamespace(pod) ? RESTRICTED : BASELINE;
    for (var container : containersOf(pod)) {
      var value = container.securityContext(SecurityContext::getProcMount);
      if (value != null && !value.equals("Default")) {
        violations
            .at(container, container.path("securityContext", "procMount"))
            .level(level)
            .found(value)
            .wanted("Default")
            .remedy("Default");
      }
    }
  }
}
