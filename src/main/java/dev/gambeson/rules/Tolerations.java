package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.pod.TolerationTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Set;

@Doc(
    """
    Rejects pods that tolerate every taint, or the taints of the control plane.

    Such a pod can run on a node that is being drained, that is broken, or that runs the control
    plane. There it is evicted late or never, and takes resources from the API server and etcd.

    **Field:** `spec.tolerations[*]`. **Allowed:** a toleration with a `key` that is not one of
    `taints`. A toleration without a `key`, or with an empty one, and with `operator: Exists`
    tolerates every taint; with an `effect`, every taint of that effect. Both are reported. For a
    key of `taints`, the operator, the value and the effect do not matter.

    **Left alone:** pods of a DaemonSet, because they are meant for every node, and mirror pods,
    because the kubelet runs them already. A toleration without a `key` and without `operator:
    Exists` is not reported: the API server rejects it.

    **Mind:** the owner reference alone tells whether a pod belongs to a DaemonSet. Where anyone may
    create pods, `ControlledPods` checks who wrote the reference. `kubectl debug node/…` creates a
    pod that tolerates every taint. So do some operators of networks and storage, and CoreDNS
    tolerates the taints of the control plane: exempt those, by user, group, namespace or pod. The
    API server itself adds tolerations of `node.kubernetes.io/not-ready` and
    `node.kubernetes.io/unreachable` to pods: no pattern of `taints` should match these.
    """)
record Tolerations(
    @Doc(
            "the keys of the taints that no pod may tolerate: patterns in which `*` stands for any"
                + " characters")
        List<String> taints)
    implements Rule.Check {
  Tolerations {
    taints = List.copyOf(taints);
  }

  Tolerations() {
    this(List.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"));
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public String atRisk() {
    return "it can run only on nodes with such a taint";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (PodTraits.isOfDaemonSet(pod)) {
      return;
    }
    var tolerations = pod.getSpec().getTolerations();
    for (int i = 0; i < tolerations.size(); i++) {
      var toleration = tolerations.get(i);
      var draft = violations.at(FieldPath.of("spec", "tolerations", i));
      if (TolerationTraits.coversEveryKey(toleration)) {
        draft
            .found("every taint" + ofEffect(toleration))
            .wanted("a key: only the taints that the pod must tolerate")
            .remedy(Removal.ELEMENT);
      } else if (isOfTaints(toleration)) {
        draft
            .found(toleration.getKey())
            .wanted("no toleration of this taint: its nodes are not for applications")
            .remedy(Removal.ELEMENT);
      }
    }
  }

  private static String ofEffect(Toleration toleration) {
    var effect = toleration.getEffect();
    return effect == null || effect.isEmpty() ? "" : " of effect " + effect;
  }

  private boolean isOfTaints(Toleration toleration) {
    var key = toleration.getKey();
    return key != null && !key.isEmpty() && Glob.anyMatches(taints(), key);
  }
}
