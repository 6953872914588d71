package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that a pod requires. The scheduler demands both: the pod's node selector, and one of
 * the terms of its required node affinity.
 */
public final class RequiredNodes {
  private static final String WINDOWS = "windows";
  private static final String LINUX = "linux";
  private static final String WINDOWS_BUILD = "node.kubernetes.io/windows-build";
  private static final Set<String> OS = Set.of("kubernetes.io/os", "beta.kubernetes.io/os");

  private RequiredNodes() {}

  /**
   * The terms of the pod's required node affinity.
   *
   * @return null where the pod has none; without terms no node fits
   */
  private static @Nullable List<NodeSelectorTerm> terms(Pod pod) {
    var affinity = pod.getSpec().getAffinity();
    var ofNodes = affinity == null ? null : affinity.getNodeAffinity();
    var required =
        ofNodes == null ? null : ofNodes.getRequiredDuringSchedulingIgnoredDuringExecution();
    return required == null ? null : required.getNodeSelectorTerms();
  }

  /** Whether a node with these labels, beside others, can fit the pod's required node affinity. */
  public static boolean canHave(Map<String, String> labels, Pod pod) {
    var terms = terms(pod);
    return terms == null || terms.stream().anyMatch(term -> canHold(term, labels));
  }

  /**
   * Whether the pod requires a node that runs Windows: by its node selector, or by every term of
   * its required node affinity. Only such nodes have a label with their Windows build.
   */
  public static boolean runWindows(Pod pod) {
    var selector = pod.getSpec().getNodeSelector();
    if (selector != null
        && !selector.isEmpty()
        && (selector.containsKey(WINDOWS_BUILD)
            || OS.stream().anyMatch(key -> WINDOWS.equals(selector.get(key))))) {
      return true;
    }
    var terms = terms(pod);
    if (terms == null) {
      return false;
    }
    var matching = terms.stream().filter(term -> !isEmpty(term)).toList();
    return !matching.isEmpty()
        && matching.stream()
            .allMatch(
                term -> term.getMatchExpressions().stream().anyMatch(RequiredNodes::isOfWindows));
  }

  private static boolean isOfWindows(NodeSelectorRequirement requirement) {
    var operator = requirement.getOperator();
    var values = requirement.getValues();
    return requirement.getKey() != null
        && (OS.contains(requirement.getKey())
            ? ("In".equals(operator) && values.stream().allMatch(WINDOWS::equals))
                || ("NotIn".equals(operator) && values.contains(LINUX))
            : requirement.getKey().equals(WINDOWS_BUILD)
                && ("In".equals(operator) || "Exists".equals(operator)));
  }

  private static boolean canHold(NodeSelectorTerm term, Map<String, String> labels) {
    return !isEmpty(term)
        && canHold(term.getMatchExpressions(), labels)
        && canHold(term.getMatchFields(), Map.of());
  }

  /** An empty term matches no node. */
  private static boolean isEmpty(NodeSelectorTerm term) {
    return term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty();
  }

  private static boolean canHold(
      List<NodeSelectorRequirement> requirements, Map<String, String> known) {
    var values = new HashMap<String, Values>();
    for (var requirement : requirements) {
      var key = Objects.requireNonNullElse(requirement.getKey(), "");
      values.computeIfAbsent(key, each -> new Values(known.get(each))).require(requirement);
    }
    return values.values().stream().allMatch(Values::areLeft);
  }

  /** The values that one label of a node may have. */
  private static final class Values {
    /** Null stands for any. */
    private @Nullable Set<String> allowed;

    private final Set<String> forbidden = new HashSet<>();
    private long above = Long.MIN_VALUE;
    private long below = Long.MAX_VALUE;
    private boolean numeric;
    private boolean present;
    private boolean absent;

    Values(@Nullable String known) {
      if (known != null) {
        present = true;
        allowed = new HashSet<>(Set.of(known));
      }
    }

    void require(NodeSelectorRequirement requirement) {
      var values = requirement.getValues();
      switch (Objects.requireNonNullElse(requirement.getOperator(), "")) {
        case "In" -> {
          present = true;
          allow(values);
        }
        case "NotIn" -> forbidden.addAll(values);
        case "Exists" -> present = true;
        case "DoesNotExist" -> absent = true;
        case "Gt" -> above = Math.max(above, bound(values, Long.MAX_VALUE));
        case "Lt" -> below = Math.min(below, bound(values, Long.MIN_VALUE));
        default -> present = absent = true;
      }
    }

    private void allow(List<String> values) {
      var known = new HashSet<>(values);
      if (allowed == null) {
        allowed = known;
      } else {
        allowed.retainAll(known);
      }
    }

    private long bound(List<String> values, long none) {
      present = true;
      numeric = true;
      var bound = values.size() == 1 ? number(values.getFirst()) : null;
      return bound == null ? none : bound;
    }

    boolean areLeft() {
      if (!present || absent) {
        return !present;
      }
      return allowed == null
          ? above < Long.MAX_VALUE && above + 1 < below
          : allowed.stream().anyMatch(value -> !forbidden.contains(value) && isBetween(value));
    }

    private boolean isBetween(String value) {
      var number = numeric ? number(value) : null;
      return !numeric || (number != null && number > above && number < below);
    }

    private static @Nullable Long number(String text) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        return null;
      }
    }
  }
}
