package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.LABELS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives every pod the labels that operations rely on, for dashboards, cost reports and on-call
    rotas.

    **Field:** `metadata.labels`.

    **The fix** adds the constant `labels` that a pod does not have. It runs before every other fix,
    so that rules which choose pods by their labels see them.

    **The check** asks for the labels of `required`, and for one of their values where some are
    listed.

    **Mind:** labels are what Services, NetworkPolicies, PodDisruptionBudgets and controllers choose
    pods by. A label of `labels` that a Service selects on sends its requests to every pod; one that
    completes the selector of a ReplicaSet makes it adopt bare pods, and delete those that are too
    many. Choose keys that nothing selects on. The selector of the pod's own controller is not
    changed by this.
    """)
record RequiredLabels(
    @Doc("the labels to add: `{status: serving}` for example") Map<String, String> labels,
    @Doc(
            "the labels that a pod must have, with the values that they may have, patterns in which `*` stands for any"
                + " characters: `{team: [], tier: [web, batch], cost-center: [\"cc-*\"]}`; `[]` for any value but the empty one")
        Map<String, List<String>> required)
    implements Rule.Fix, Rule.Check {
  private static final FieldPath PATH = FieldPath.of("metadata", "labels");

  RequiredLabels {
    labels = sorted(labels);
    required = sorted(required);
    labels.forEach((key, value) -> {
      PodSelector.requireKey(key);
      PodSelector.requireValue(value);
      if (PodTraits.isLabelOfOneReplica(key)) {
        throw new IllegalArgumentException("labels: " + key + " is for controllers to write");
      }
    });
    required.forEach((key, values) -> {
      PodSelector.requireKey(key);
      values.forEach(value -> PodSelector.requireValue(value.replace('*', 'x')));
    });
    for (var entry : required.entrySet()) {
      var constant = labels.get(entry.getKey());
      if (constant != null && !fits(entry.getValue(), constant)) {
        throw new IllegalArgumentException(
            "labels: " + entry.getKey() + ": " + constant + " is not what required asks for");
      }
    }
  }

  private static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  RequiredLabels() {
    this(Map.of(), Map.of());
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            "kubectl get services,networkpolicies -o wide -n " + Tell.NAMESPACE,
            "shows which selectors the added labels would match"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    labels().forEach((key, value) -> patch.metadata().put(LABELS, key, value));
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var labels = PodTraits.labels(pod);
    required()
        .forEach((key, values) -> {
          var value = labels.get(key);
          if (value == null || !fits(values, value)) {
            violations
                .at(PATH.field(key))
                .found(value == null ? "nothing" : "\"" + value + "\"")
                .wanted(wanted(values))
                .remedy(remedy(labels().get(key), values));
          }
        });
  }

  private static boolean fits(List<String> values, String value) {
    return values.isEmpty() ? !value.isEmpty() : Glob.anyMatches(values, value);
  }

  private static String wanted(List<String> values) {
    return values.isEmpty()
        ? "a value"
        : Violation.list(
            values.stream().map(value -> value.isEmpty() ? "\"\"" : value).toList(), " or ");
  }

  private static @Nullable String remedy(@Nullable String constant, List<String> values) {
    return constant == null && values.size() == 1 && values.getFirst().indexOf('*') < 0
        ? values.getFirst()
        : constant;
  }
}
