package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.NODE_SELECTOR;
import static dev.gambeson.pod.Fields.TOLERATIONS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.pod.RequiredNodes;
import dev.gambeson.pod.TolerationTraits;
import dev.gambeson.rule.ApiValidation;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Selecting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

@Doc(
    """
    Sends pods to the nodes that are dedicated to them.

    **Fields:** `spec.tolerations`, `spec.nodeSelector`.

    **The fix** gives a pod the `tolerations` and the `nodeSelector` of each placement that selects
    it, in the order of their names. A toleration is added where no toleration of the pod covers it,
    whoever wrote the others: one that tolerates the same taints, or more, for as long or longer.
    Where several tolerate the same taint, the `tolerationSeconds` of the first one counts.

    A placement is added as a whole or not at all. It is skipped, with a warning, where the pod's
    node selector has another value for one of the keys (its author's, another placement's, or the
    namespace's, which the API server's PodNodeSelector has written), and where no term of the pod's
    required node affinity can hold together with the node selector: the scheduler requires both.

    **Left alone:** pods of a DaemonSet, whose node is chosen, and pods with `spec.nodeName`.

    **Mind:** a pod finds no node where none has the labels. The whitelists of a namespace, of
    PodNodeSelector and of PodTolerationRestriction, must allow what is added, or the API server
    refuses the pod.
    """)
record NodePlacement(
    @Doc(
            "the placements by name: the `pods` by their labels (`{}` for all), `namespaces` as"
                + " patterns (none for all), `tolerations` and `nodeSelector`")
        Map<String, Placement> placements)
    implements Rule.Fix {
  NodePlacement {
    placements = Collections.unmodifiableSortedMap(new TreeMap<>(placements));
  }

  NodePlacement() {
    this(Map.of());
  }

  /** What sends some pods to their nodes. */
  record Placement(
      PodSelector pods,
      List<String> namespaces,
      List<Toleration> tolerations,
      Map<String, String> nodeSelector)
      implements Selecting {
    Placement {
      namespaces = List.copyOf(namespaces);
      tolerations = List.copyOf(tolerations);
      ApiValidation.requireTolerations("tolerations", tolerations);
      nodeSelector = Collections.unmodifiableSortedMap(new TreeMap<>(nodeSelector));
      new PodSelector(nodeSelector, List.of());
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.SCHEDULING;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    var node = pod.getSpec().getNodeName();
    if ((node != null && !node.isEmpty()) || PodTraits.isOfDaemonSet(pod)) {
      return;
    }
    placements()
        .forEach((name, placement) -> {
          if (!placement.selects(pod, scope)) {
            return;
          }
          var obstacle = obstacle(placement, pod);
          if (obstacle.isEmpty()) {
            place(placement, patch);
          } else {
            patch.warn("nothing of " + name + ": " + obstacle);
          }
        });
  }

  private static void place(Placement placement, PodPatch patch) {
    for (var toleration : placement.tolerations()) {
      if (patch.pod().getSpec().getTolerations().stream()
          .noneMatch(present -> TolerationTraits.covers(present, toleration))) {
        patch.spec().append(TOLERATIONS, new TolerationBuilder(toleration).build());
      }
    }
    placement.nodeSelector().forEach((key, value) -> patch.spec().put(NODE_SELECTOR, key, value));
  }

  /** Why no node could be both the pod's and the placement's; empty where one could. */
  private static String obstacle(Placement placement, Pod pod) {
    if (placement.nodeSelector().isEmpty()) {
      return "";
    }
    var selector = new HashMap<String, String>();
    if (pod.getSpec().getNodeSelector() != null) {
      selector.putAll(pod.getSpec().getNodeSelector());
    }
    for (var entry : placement.nodeSelector().entrySet()) {
      var present = selector.putIfAbsent(entry.getKey(), entry.getValue());
      if (present != null && !present.equals(entry.getValue())) {
        return "the pod has another value of nodeSelector " + entry.getKey();
      }
    }
    return RequiredNodes.canHave(selector, pod)
        ? ""
        : "the pod's required node affinity contradicts its nodeSelector";
  }
}
