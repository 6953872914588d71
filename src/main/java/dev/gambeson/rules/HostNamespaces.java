package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Refuses pods that share a namespace of their node: its network, its processes or its shared memory.

    **Fields:** `spec.hostNetwork`, `spec.hostPID`, `spec.hostIPC`. **Allowed:** absent, `false`.

    **Standard:** Pod Security "baseline", every version.
    """)
final class HostNamespaces implements Rule.Check<NoOptions>, Rule.WithoutOptions {

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
    report("hostNetwork", pod.getSpec().getHostNetwork(), violations);
    report("hostPID", pod.getSpec().getHostPID(), violations);
    report("hostIPC", pod.getSpec().getHostIPC(), violations);
  }

  private static void report(String field, @Nullable Boolean value, Violations violations) {
    if (Boolean.TRUE.equals(value)) {
      violations.add(
          PodSecurityLevel.BASELINE, FieldPath.of("spec", field), "true", "false", false);
    }
  }
}
