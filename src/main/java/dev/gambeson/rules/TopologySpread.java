package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.TOPOLOGY_SPREAD_CONSTRAINTS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Replicas;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.SpreadLevel;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

@Doc(
    """
    Spreads the replicas of an application evenly at several levels: hosts, racks, rooms, zones.

    **Field:** `spec.topologySpreadConstraints` of pods that a controller of `controllers` owns.
    DaemonSets, Jobs and bare pods have no replicas to spread.

    **The fix** adds one constraint for each of `levels`. It counts pods of the same application:
    those that share the pod's own labels of the first set in `labelKeys` that the pod carries
    completely. It adds nothing where the author wrote any constraint, nor to a pod without such
    labels. It stands beside an anti-affinity, of the author's or of `PodAntiAffinity`.

    **The check** asks for constraints, whoever wrote them.

    A workload that says `replicas: 0` or `replicas: 1` is not warned of: it has no replicas to
    spread. Where a HorizontalPodAutoscaler adds some, leave `replicas` out, as Kubernetes advises.
    The API server writes `replicas: 1` where a manifest says nothing; so only `gambeson review`
    reports such a manifest. The pods themselves are judged in any case, and a workload whose pods
    would be refused is reported whatever its `replicas`.

    **All levels at once:** the scheduler spreads every application a little over hosts and zones by
    itself (`maxSkew` 3 and 5, where it can), but no pod that has any constraint of its own. So
    `levels` says all that is wanted; with racks only, nothing spreads over zones any more.

    **Mind:** each constraint costs the scheduler, in large clusters noticeably: choose the pods
    with `pods` there. `DoNotSchedule` leaves a replica pending where no node fits. A node without
    the label of a level counts as none for that level.

    **Rolling updates:** the old replicas count too, so that the new ones can end up less even.
    `matchLabelKeys: [pod-template-hash]` in a level counts each revision of a Deployment for itself
    (Kubernetes 1.27 or newer). From 1.34 on the API server writes the key into the selector as
    well, and then refuses that very pod when a backup creates it again; so it is not set by itself.

    **Standard:** none; the check is the rule's own.
    """)
record TopologySpread(
    @Doc("the pods that this is for, by their labels; `{}` for all") PodSelector pods,
    @Doc(
            "the constraints: `topologyKey`, `maxSkew`, `whenUnsatisfiable` (`DoNotSchedule`, `ScheduleAnyway`), and, where wanted, `minDomains`,"
                + " `nodeAffinityPolicy` and `nodeTaintsPolicy` (`Honor`, `Ignore`) and `matchLabelKeys`")
        List<SpreadLevel> levels,
    @Doc(
            "sets of label keys that identify an application; the first one that the pod has all of is used")
        List<List<String>> labelKeys,
    @Doc("the kinds of controllers whose pods are replicas") List<String> controllers)
    implements Rule.Fix, Rule.ComparesReplicas {
  TopologySpread {
    levels = List.copyOf(levels);
    labelKeys = Replicas.requireLabelKeys(labelKeys);
    controllers = List.copyOf(controllers);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("levels: name one, kubernetes.io/hostname for example");
    }
    var kinds = new HashSet<String>();
    for (var level : levels) {
      if (!kinds.add(level.topologyKey() + " with " + level.whenUnsatisfiable())) {
        throw new IllegalArgumentException(
            "levels: "
                + level.topologyKey()
                + " with "
                + level.whenUnsatisfiable()
                + " is there twice");
      }
      for (var key : level.matchLabelKeys()) {
        if (labelKeys.stream().anyMatch(keys -> keys.contains(key))) {
          throw new IllegalArgumentException(
              "levels: " + key + " is both in matchLabelKeys and in labelKeys");
        }
      }
    }
  }

  TopologySpread() {
    this(
        PodSelector.ALL,
        List.of(level("kubernetes.io/hostname"), level("topology.kubernetes.io/zone")),
        Replicas.LABEL_KEYS,
        Replicas.CONTROLLERS);
  }

  private static SpreadLevel level(String topologyKey) {
    return new SpreadLevel(
        topologyKey, 1, SpreadLevel.WhenUnsatisfiable.SCHEDULE_ANYWAY, null, null, null, List.of());
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
    if (isConcerned(pod)) {
      for (var constraint : constraints(pod)) {
        patch.spec().append(TOPOLOGY_SPREAD_CONSTRAINTS, constraint);
      }
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (isConcerned(pod)) {
      var remedy = constraints(pod);
      violations
          .at(FieldPath.of("spec", "topologySpreadConstraints"))
          .wanted(
              "constraints that spread the replicas, over "
                  + levels().getFirst().topologyKey()
                  + " for example")
          .remedy(remedy.isEmpty() ? null : remedy);
    }
  }

  private boolean isConcerned(Pod pod) {
    return pods().matches(pod)
        && Replicas.isReplica(controllers(), pod)
        && pod.getSpec().getTopologySpreadConstraints().isEmpty();
  }

  /** Empty where nothing tells the pod's other replicas from the rest. */
  private List<TopologySpreadConstraint> constraints(Pod pod) {
    var constraints = new ArrayList<TopologySpreadConstraint>();
    var labels = Replicas.identity(labelKeys(), pod);
    if (labels.isPresent()) {
      for (var level : levels()) {
        constraints.add(level.constraint(labels.get()));
      }
    }
    return constraints;
  }
}
