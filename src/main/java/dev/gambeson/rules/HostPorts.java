package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

@Doc(
    """
    Refuses containers that take a port of their node.

    **Field:** `ports[*].hostPort` of every container. **Allowed:** absent, `0`. In a pod with
    `hostNetwork: true` the API server sets it to the `containerPort` wherever it is absent.

    **Standard:** Pod Security "baseline", every version.
    """)
record HostPorts() implements Rule.Check {

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    for (var container : containersOf(pod)) {
      var ports = container.container().getPorts();
      for (int i = 0; i < ports.size(); i++) {
        var hostPort = ports.get(i).getHostPort();
        if (hostPort != null && hostPort != 0) {
          violations
              .at(container, container.path("ports").index(i).field("hostPort"))
              .level(BASELINE)
              .found(hostPort)
              .wanted("no host port: a Service can reach the container")
              .remedy(Removal.FIELD);
        }
      }
    }
  }
}
