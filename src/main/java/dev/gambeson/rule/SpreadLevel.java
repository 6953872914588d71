package dev.gambeson.rule;

import dev.gambeson.pod.PodSelector;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A topology spread constraint without its selector, as the Kubernetes API spells it. */
public record SpreadLevel(
    String topologyKey,
    int maxSkew,
    WhenUnsatisfiable whenUnsatisfiable,
    @Nullable Integer minDomains,
    @Nullable NodePolicy nodeAffinityPolicy,
    @Nullable NodePolicy nodeTaintsPolicy,
    List<String> matchLabelKeys) {
  public SpreadLevel {
    matchLabelKeys = List.copyOf(matchLabelKeys);
    PodSelector.requireKey(topologyKey);
    matchLabelKeys.forEach(PodSelector::requireKey);
    if (maxSkew < 1) {
      throw new IllegalArgumentException("maxSkew: " + maxSkew + " is not above zero");
    }
    if (minDomains != null && minDomains < 1) {
      throw new IllegalArgumentException("minDomains: " + minDomains + " is not above zero");
    }
    if (minDomains != null && whenUnsatisfiable != WhenUnsatisfiable.DO_NOT_SCHEDULE) {
      throw new IllegalArgumentException(
          "minDomains goes with whenUnsatisfiable: DoNotSchedule only");
    }
  }

  /** The constraint that counts the pods with these labels. */
  public TopologySpreadConstraint constraint(Map<String, String> labels) {
    var constraint = new TopologySpreadConstraint();
    constraint.setTopologyKey(topologyKey);
    constraint.setMaxSkew(maxSkew);
    constraint.setWhenUnsatisfiable(whenUnsatisfiable.toString());
    constraint.setMinDomains(minDomains);
    constraint.setNodeAffinityPolicy(text(nodeAffinityPolicy));
    constraint.setNodeTaintsPolicy(text(nodeTaintsPolicy));
    constraint.setMatchLabelKeys(matchLabelKeys);
    constraint.setLabelSelector(new LabelSelector(List.of(), labels));
    return constraint;
  }

  private static @Nullable String text(@Nullable NodePolicy policy) {
    return policy == null ? null : policy.toString();
  }

  /** What happens to a pod that no node fits. */
  public enum WhenUnsatisfiable {
    DO_NOT_SCHEDULE("DoNotSchedule"),
    SCHEDULE_ANYWAY("ScheduleAnyway");

    private final String text;

    WhenUnsatisfiable(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Whether nodes that the pod cannot run on count. */
  public enum NodePolicy {
    HONOR("Honor"),
    IGNORE("Ignore");

    private final String text;

    NodePolicy(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
