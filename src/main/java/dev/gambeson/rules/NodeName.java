package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

@Doc(
    """
    Refuses pods that choose their node themselves, past the scheduler.

    Nobody asks then for taints, free resources, priorities and topology.

    **Field:** `spec.nodeName`. **Allowed:** absent, and whatever stands in a pod that has been
    scheduled already. The pods of DaemonSets do not set it: they have a node affinity.

    **Mind:** `kubectl debug node/…` makes such a pod, and so do some storage and backup tools. Who
    may do so is exempted from this rule, by user, group or namespace.
    """)
record NodeName() implements Rule.Check {

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var node = pod.getSpec().getNodeName();
    if (node != null && !node.isEmpty() && !PodTraits.isScheduled(pod)) {
      violations
          .at(FieldPath.of("spec", "nodeName"))
          .found(node)
          .wanted("none: let the scheduler choose, by a nodeSelector for kubernetes.io/hostname")
          .remedy(Removal.FIELD);
    }
  }
}
