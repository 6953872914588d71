package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodAntiAffinityBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Doc(
    """
    Puts the replicas of an application on different nodes, so that one node takes only one of them down.

    **Field:** `spec.affinity.podAntiAffinity` of pods that a controller of `controllers` owns. DaemonSets, Jobs and bare pods have no
    replicas to keep apart.

    **The fix** adds one term against pods of the same application: those that share the pod's own labels of the first set in `labelKeys`
    that the pod carries completely, and that fit `matchExpressions`. It adds nothing where the author wrote any
    `podAntiAffinity`, or a topology spread constraint on `kubernetes.io/hostname` or `topologyKey`; nor to a pod without such labels.

    **The check** asks for anti-affinity terms, or such a spread constraint, whoever wrote them.

    A workload that says `replicas: 0` or `replicas: 1` is not warned of: it has no replicas to keep apart. Where a HorizontalPodAutoscaler adds some, leave `replicas` out, as
    Kubernetes advises. The API server writes `replicas: 1` where a manifest says nothing; so only `gambeson review` reports such a manifest. The pods themselves are
    judged in any case, and a workload whose pods would be refused is reported whatever its `replicas`.

    **Mind:** anti-affinity between pods costs the scheduler much in clusters of some hundred nodes and more: choose the pods with
    `pods` there. `required` leaves a replica pending where nodes run out, also the extra one of a rolling update.
    """)
final class PodAntiAffinity
    implements Rule.Fix<PodAntiAffinity.Options>, Rule.Check<PodAntiAffinity.Options> {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** Whether the scheduler may put two replicas on one node after all. */
  enum Strength {
    PREFERRED,
    REQUIRED
  }

  /** The options of the rule. */
  record Options(
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
      @Doc("the kinds of controllers whose pods are replicas") List<String> controllers) {
    Options {
      labelKeys = Replicas.requireLabelKeys(labelKeys);
      matchExpressions = List.copyOf(matchExpressions);
      controllers = List.copyOf(controllers);
      if (weight < 1 || weight > 100) {
        throw new IllegalArgumentException("weight " + weight + " is not from 1 to 100");
      }
      PodSelector.requireKey(topologyKey);
      matchExpressions.forEach(expression -> Replicas.requireStable(expression.key()));
    }
  }

  @Override
  public Options defaults() {
    return new Options(
        PodSelector.ALL,
        Strength.PREFERRED,
        100,
        HOSTNAME,
        Replicas.LABEL_KEYS,
        List.of(),
        Replicas.CONTROLLERS);
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
    if (!isReplica(options, pod) || isSpread(options, pod)) {
      return;
    }
    Replicas.identity(options.labelKeys(), pod)
        .ifPresent(labels ->
            patch
                .spec()
                .child("affinity", PodSpec::getAffinity, PodSpec::setAffinity, Affinity::new)
                .fill(
                    "podAntiAffinity",
                    Affinity::getPodAntiAffinity,
                    Affinity::setPodAntiAffinity,
                    antiAffinity(options, labels)));
  }

  @Override
  public boolean concernsReplicas() {
    return true;
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    if (isReplica(options, pod) && !isSpread(options, pod) && !hasTerms(pod)) {
      violations.add(
          FieldPath.of("spec", "affinity", "podAntiAffinity"),
          "nothing",
          "a term that keeps the replicas on different values of " + options.topologyKey(),
          Replicas.identity(options.labelKeys(), pod)
              .map(labels -> antiAffinity(options, labels))
              .orElse(null));
    }
  }

  private static boolean isReplica(Options options, Pod pod) {
    return options.pods().matches(pod) && Replicas.isReplica(options.controllers(), pod);
  }

  private static boolean isSpread(Options options, Pod pod) {
    return pod.getSpec().getTopologySpreadConstraints().stream()
        .map(TopologySpreadConstraint::getTopologyKey)
        .anyMatch(key -> HOSTNAME.equals(key) || options.topologyKey().equals(key));
  }

  private static boolean hasTerms(Pod pod) {
    var affinity = pod.getSpec().getAffinity();
    var antiAffinity = affinity == null ? null : affinity.getPodAntiAffinity();
    return antiAffinity != null
        && !(antiAffinity.getPreferredDuringSchedulingIgnoredDuringExecution().isEmpty()
            && antiAffinity.getRequiredDuringSchedulingIgnoredDuringExecution().isEmpty());
  }

  private static io.fabric8.kubernetes.api.model.PodAntiAffinity antiAffinity(
      Options options, Map<String, String> labels) {
    var term =
        new PodAffinityTermBuilder()
            .withNewLabelSelector()
            .withMatchLabels(labels)
            .withMatchExpressions(
                options.matchExpressions().stream()
                    .map(expression ->
                        new LabelSelectorRequirement(
                            expression.key(),
                            expression.operator().toString(),
                            expression.values()))
                    .toList())
            .endLabelSelector()
            .withTopologyKey(options.topologyKey())
            .build();
    return switch (options.strength()) {
      case PREFERRED ->
          new PodAntiAffinityBuilder()
              .addNewPreferredDuringSchedulingIgnoredDuringExecution()
              .withPodAffinityTerm(term)
              .withWeight(options.weight())
              .endPreferredDuringSchedulingIgnoredDuringExecution()
              .build();
      case REQUIRED ->
          new PodAntiAffinityBuilder()
              .withRequiredDuringSchedulingIgnoredDuringExecution(term)
              .build();
    };
  }
}
