package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.AFFINITY;
import static dev.gambeson.pod.Fields.POD_ANTI_AFFINITY;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Replicas;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Doc(
    """
    Puts the replicas of an application on different nodes, so that one node takes only one of them
    down.

    **Field:** `spec.affinity.podAntiAffinity` of pods that a controller of `controllers` owns.
    DaemonSets, Jobs and bare pods have no replicas to keep apart.

    **The fix** adds one term against pods of the same application: those that share the pod's own
    labels of the first set in `labelKeys` that the pod carries completely, and that fit
    `matchExpressions`. It adds nothing where the author wrote any `podAntiAffinity`, or a topology
    spread constraint on `kubernetes.io/hostname` or `topologyKey`; nor to a pod without such
    labels.

    **The check** asks for anti-affinity terms, or such a spread constraint, whoever wrote them.

    A workload that says `replicas: 0` or `replicas: 1` is not warned of: it has no replicas to keep
    apart. Where a HorizontalPodAutoscaler adds some, leave `replicas` out, as Kubernetes advises.
    The API server writes `replicas: 1` where a manifest says nothing; so only `gambeson review`
    reports such a manifest. The pods themselves are judged in any case, and a workload whose pods
    would be refused is reported whatever its `replicas`.

    **Mind:** anti-affinity between pods costs the scheduler much in clusters of some hundred nodes
    and more: choose the pods with `pods` there. `required` leaves a replica pending where nodes run
    out, also the extra one of a rolling update.
    """)
record PodAntiAffinity(
    @Doc("the pods that this is for, by their labels; `{}` for all") PodSelector pods,
    @Doc("`preferred`, or `required`: rather no node than a shared one") Strength strength,
    @Doc("how much a preferred term counts, from 1 to 100") int weight,
    @Doc("the node label whose values are kept apart") String topologyKey,
    @Doc(
            "sets of label keys that identify an application; the first one that the pod has all of is used")
        List<List<String>> labelKeys,
    @Doc(
            "what else the labels of the other pods must be: `key`, `operator` (`In`, `NotIn`, `Exists`, `DoesNotExist`) and `values`")
        List<PodSelector.Requirement> matchExpressions,
    @Doc("the kinds of controllers whose pods are replicas") List<String> controllers)
    implements Rule.Fix, Rule.ComparesReplicas {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  PodAntiAffinity {
    labelKeys = Replicas.requireLabelKeys(labelKeys);
    matchExpressions = List.copyOf(matchExpressions);
    controllers = List.copyOf(controllers);
    if (weight < 1 || weight > 100) {
      throw new IllegalArgumentException("weight " + weight + " is not from 1 to 100");
    }
    PodSelector.requireKey(topologyKey);
    matchExpressions.forEach(expression -> Replicas.requireStable(expression.key()));
  }

  PodAntiAffinity() {
    this(
        PodSelector.ALL,
        Strength.PREFERRED,
        100,
        HOSTNAME,
        Replicas.LABEL_KEYS,
        List.of(),
        Replicas.CONTROLLERS);
  }

  /** Whether the scheduler may put two replicas on one node after all. */
  enum Strength {
    PREFERRED,
    REQUIRED
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
    if (!isReplica(pod) || isSpread(pod)) {
      return;
    }
    Replicas.identity(labelKeys(), pod)
        .ifPresent(
            labels -> patch.spec().child(AFFINITY).fill(POD_ANTI_AFFINITY, antiAffinity(labels)));
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (isReplica(pod) && !isSpread(pod) && !hasTerms(pod)) {
      violations
          .at(FieldPath.of("spec", "affinity", "podAntiAffinity"))
          .wanted("a term that keeps the replicas on different values of " + topologyKey())
          .remedy(
              Replicas.identity(labelKeys(), pod).map(labels -> antiAffinity(labels)).orElse(null));
    }
  }

  private boolean isReplica(Pod pod) {
    return pods().matches(pod) && Replicas.isReplica(controllers(), pod);
  }

  private boolean isSpread(Pod pod) {
    for (var constraint : pod.getSpec().getTopologySpreadConstraints()) {
      var key = constraint.getTopologyKey();
      if (HOSTNAME.equals(key) || topologyKey().equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasTerms(Pod pod) {
    var affinity = pod.getSpec().getAffinity();
    var antiAffinity = affinity == null ? null : affinity.getPodAntiAffinity();
    return antiAffinity != null
        && !(antiAffinity.getPreferredDuringSchedulingIgnoredDuringExecution().isEmpty()
            && antiAffinity.getRequiredDuringSchedulingIgnoredDuringExecution().isEmpty());
  }

  private io.fabric8.kubernetes.api.model.PodAntiAffinity antiAffinity(Map<String, String> labels) {
    var term = new PodAffinityTerm();
    term.setLabelSelector(
        new LabelSelector(
            matchExpressions().stream()
                .map(expression ->
                    new LabelSelectorRequirement(
                        expression.key(), expression.operator().toString(), expression.values()))
                .toList(),
            labels));
    term.setTopologyKey(topologyKey());
    return switch (strength()) {
      case PREFERRED ->
          new io.fabric8.kubernetes.api.model.PodAntiAffinity(
              List.of(new WeightedPodAffinityTerm(term, weight())), List.of());
      case REQUIRED ->
          new io.fabric8.kubernetes.api.model.PodAntiAffinity(List.of(), List.of(term));
    };
  }
}
