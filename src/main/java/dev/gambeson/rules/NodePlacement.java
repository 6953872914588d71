package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

@Doc(
    """
    Sends pods to the nodes that are dedicated to them.

    **Fields:** `spec.tolerations`, `spec.nodeSelector`.

    **The fix** gives a pod the `tolerations` and the `nodeSelector` of each placement that selects it, in the order of their names; each placement
    whole or not at all. Where the pod's node selector has another value for one of the keys (its author's, another placement's, or the namespace's, which the API server's
    PodNodeSelector has written), nothing of that placement is added, and a warning says so. The same where the author
    wrote tolerations that no placement has and the placement's are not among them: a list of theirs is not extended. Tolerations of
    `node.kubernetes.io/…` taints do not count as the author's: the API server and the DaemonSet controller write them.

    **Left alone:** pods of a DaemonSet, whose node is chosen, and pods with `spec.nodeName`.

    **Mind:** a pod finds no node where none has the labels. A namespace's whitelist of PodNodeSelector must allow the keys, or the API
    server refuses the pod.
    """)
final class NodePlacement implements Rule.Fix<NodePlacement.Options> {
  private static final String OF_THE_CLUSTER = "node.kubernetes.io/";

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

  /** The options of the rule. */
  record Options(
      @Doc(
              "the placements by name: the `pods` by their labels (`{}` for all), `namespaces` as"
                  + " patterns (none for all), `tolerations` and `nodeSelector`")
          Map<String, Placement> placements) {
    Options {
      placements = Collections.unmodifiableSortedMap(new TreeMap<>(placements));
    }
  }

  @Override
  public Options defaults() {
    return new Options(Map.of());
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.SCHEDULING;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    var pod = patch.pod();
    var node = pod.getSpec().getNodeName();
    if ((node != null && !node.isEmpty())
        || PodTraits.controllerKind(pod).filter("DaemonSet"::equals).isPresent()) {
      return;
    }
    boolean authorTolerates =
        pod.getSpec().getTolerations().stream().anyMatch(each -> isOfTheAuthor(each, options));
    options
        .placements()
        .forEach((name, placement) -> {
          if (!placement.selects(pod, scope)) {
            return;
          }
          var conflict = conflictingKey(placement, pod.getSpec());
          if (!conflict.isEmpty()) {
            patch.warn(
                "nothing of " + name + ": the pod has another value of nodeSelector " + conflict);
          } else if (authorTolerates
              && !pod.getSpec().getTolerations().containsAll(placement.tolerations())) {
            patch.warn("nothing of " + name + ": the pod has tolerations of its own");
          } else {
            place(placement, patch);
          }
        });
  }

  private static void place(Placement placement, PodPatch patch) {
    for (var toleration : placement.tolerations()) {
      if (!patch.pod().getSpec().getTolerations().contains(toleration)) {
        patch
            .spec()
            .append(
                "tolerations",
                PodSpec::getTolerations,
                PodSpec::setTolerations,
                new TolerationBuilder(toleration).build());
      }
    }
    placement
        .nodeSelector()
        .forEach((key, value) ->
            patch
                .spec()
                .put(
                    "nodeSelector",
                    PodSpec::getNodeSelector,
                    PodSpec::setNodeSelector,
                    key,
                    value));
  }

  private static boolean isOfTheAuthor(Toleration toleration, Options options) {
    var key = toleration.getKey();
    return (key == null || !key.startsWith(OF_THE_CLUSTER))
        && options.placements().values().stream()
            .noneMatch(placement -> placement.tolerations().contains(toleration));
  }

  /** The first key with another value; empty where there is none. */
  private static String conflictingKey(Placement placement, PodSpec spec) {
    var present = spec.getNodeSelector();
    return placement.nodeSelector().entrySet().stream()
        .filter(entry -> present != null && present.containsKey(entry.getKey()))
        .filter(entry -> !entry.getValue().equals(present.get(entry.getKey())))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }
}
