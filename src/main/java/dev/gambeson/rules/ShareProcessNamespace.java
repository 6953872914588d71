package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

@Doc(
    """
    Refuses pods whose containers share one process namespace.

    There, each container sees the processes of the others and their command lines. It may send them
    signals and, through `/proc/<pid>/root` and `/proc/<pid>/environ`, read their files, their
    Secrets and their environment: only the permissions of the user protect them.

    **Field:** `spec.shareProcessNamespace`. **Allowed:** absent, `false`.

    **Mind:** `kubectl debug --copy-to` sets the field in the copy; add `--share-processes=false`,
    or debug the pod itself with `--target`. A sidecar that sends signals to a process of another
    container needs the field: exempt its pods.

    **Standard:** none; the check is the rule's own.
    """)
record ShareProcessNamespace() implements Rule.Check {

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public String atRisk() {
    return "it needs the processes of the pod's other containers";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (Boolean.TRUE.equals(pod.getSpec().getShareProcessNamespace())) {
      violations
          .at(FieldPath.of("spec", "shareProcessNamespace"))
          .found("true")
          .wanted("false")
          .remedy(false);
    }
  }
}
