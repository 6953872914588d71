package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Refuses probes and lifecycle hooks that make the node call another host than the pod.

    **Fields:** `httpGet.host` and `tcpSocket.host` of `livenessProbe`, `readinessProbe`,
    `startupProbe`, `lifecycle.postStart` and `lifecycle.preStop` of every container. **Allowed:**
    absent, empty.

    **Standard:** Pod Security "baseline" from v1.34 on.
    """)
record HostProbes() implements Rule.Check {

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (!scope.version().atLeast(34)) {
      return;
    }
    for (var ref : containersOf(pod)) {
      var report = new Report(ref, violations);
      var container = ref.container();
      report.probe("livenessProbe", container.getLivenessProbe());
      report.probe("readinessProbe", container.getReadinessProbe());
      report.probe("startupProbe", container.getStartupProbe());
      var lifecycle = container.getLifecycle();
      if (lifecycle != null) {
        report.hook("postStart", lifecycle.getPostStart());
        report.hook("preStop", lifecycle.getPreStop());
      }
    }
  }

  private record Report(ContainerRef container, Violations violations) {

    void probe(String field, @Nullable Probe probe) {
      if (probe != null) {
        hosts(container.path(field), probe.getHttpGet(), probe.getTcpSocket());
      }
    }

    void hook(String field, @Nullable LifecycleHandler hook) {
      if (hook != null) {
        hosts(container.path("lifecycle", field), hook.getHttpGet(), hook.getTcpSocket());
      }
    }

    private void hosts(
        FieldPath path, @Nullable HTTPGetAction httpGet, @Nullable TCPSocketAction tcpSocket) {
      host(path.field("httpGet"), httpGet == null ? null : httpGet.getHost());
      host(path.field("tcpSocket"), tcpSocket == null ? null : tcpSocket.getHost());
    }

    private void host(FieldPath path, @Nullable String host) {
      if (host != null && !host.isEmpty()) {
        violations
            .at(container, path.field("host"))
            .level(BASELINE)
            .found(host)
            .wanted("no host, which means the pod itself")
            .remedy(Removal.FIELD);
      }
    }
  }
}
