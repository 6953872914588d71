package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

@Doc(
    """
    Refuses containers that take a port of their node.

    **Field:** `ports[*].hostPort` of every container. **Allowed:** absent, `0`. In a pod with `hostNetwork: true` the API server sets it to the
    `containerPort` wherever it is absent.

    **Standard:** Pod Security "baseline", every version.
    """)
final class HostPorts implements Rule.Check<NoOptions>, Rule.WithoutOptions {

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
      var ports = container.container().getPorts();
      for (int i = 0; i < ports.size(); i++) {
        var hostPort = ports.get(i).getHostPort();
        if (hostPort != null && hostPort != 0) {
          violations.add(
              PodSecurityLevel.BASELINE,
              container,
              container.path("ports").index(i).field("hostPort"),
              hostPort.toString(),
              "no host port: a Service can reach the container",
              Removal.FIELD);
        }
      }
    }
  }
}
