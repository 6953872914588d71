package dev.gambeson.rule;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The most that a container, or a pod as a whole, may ask for of each resource, by the name of the
 * resource, in the terms of a LimitRange.
 *
 * @param maximum of a request or a limit
 * @param maxLimitRequestRatio of a limit, as a multiple of the request
 */
public record ResourceBounds(
    Map<String, Quantity> maximum, Map<String, Quantity> maxLimitRequestRatio) {
  private static final FieldPath POD_LEVEL = FieldPath.of("spec", "resources");

  /**
   * Refuses what is to be filled in beyond them.
   *
   * @throws IllegalArgumentException for the first such quantity
   */
  public void require(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    requireMaximum(ResourceField.REQUESTS, requests);
    requireMaximum(ResourceField.LIMITS, limits);
    maxLimitRequestRatio.forEach((name, ratio) -> {
      var request = requests.get(name);
      var limit = limits.get(name);
      if (request != null && limit != null && isBeyond(ratio, limit, request)) {
        throw new IllegalArgumentException(
            "limits: "
                + name
                + ": "
                + limit
                + " is above "
                + ratio
                + " times the request to fill in, the maxLimitRequestRatio");
      }
    });
  }

  private void requireMaximum(String option, Map<String, Quantity> fill) {
    fill.forEach((name, quantity) -> {
      var most = maximum.get(name);
      if (most != null && Amount.isAbove(quantity, most)) {
        throw new IllegalArgumentException(
            option + ": " + name + ": " + quantity + " is above the maximum " + most);
      }
    });
  }

  /** Reports everything of the container that is beyond them. */
  public void check(ContainerRef container, Violations violations) {
    if (areNone()) {
      return;
    }
    check(
        container.container().getResources(),
        container.path("resources"),
        path -> violations.at(container, path));
  }

  /** Reports everything beyond them that the pod says as a whole. */
  public void check(Pod pod, Violations violations) {
    if (areNone()) {
      return;
    }
    check(pod.getSpec().getResources(), POD_LEVEL, violations::at);
  }

  private boolean areNone() {
    return maximum.isEmpty() && maxLimitRequestRatio.isEmpty();
  }

  private void check(
      @Nullable ResourceRequirements resources,
      FieldPath at,
      Function<FieldPath, Violations.Draft> violations) {
    for (var name : ResourceField.NAMES) {
      checkMaximum(resources, name, at, violations);
      checkRatio(resources, name, at, violations);
    }
  }

  private void checkMaximum(
      @Nullable ResourceRequirements resources,
      String name,
      FieldPath at,
      Function<FieldPath, Violations.Draft> violations) {
    var most = maximum.get(name);
    if (most == null) {
      return;
    }
    for (var field : List.of(ResourceField.request(name), ResourceField.limit(name))) {
      var value = field.writtenIn(resources);
      if (value != null && Amount.isAbove(value, most)) {
        var ratio = maxLimitRequestRatio.get(name);
        var request = ResourceField.request(name).effectiveIn(resources);
        boolean stillBeyond =
            field.equals(ResourceField.limit(name))
                && ratio != null
                && request != null
                && isBeyond(ratio, most, request);
        violations
            .apply(field.below(at))
            .found(ResourceField.text(value))
            .wanted("at most " + most)
            .remedy(stillBeyond ? null : most.toString());
      }
    }
  }

  private void checkRatio(
      @Nullable ResourceRequirements resources,
      String name,
      FieldPath at,
      Function<FieldPath, Violations.Draft> violations) {
    var ratio = maxLimitRequestRatio.get(name);
    var limit = ResourceField.limit(name).writtenIn(resources);
    var request = ResourceField.request(name).effectiveIn(resources);
    if (ratio == null || limit == null || request == null) {
      return;
    }
    var field = ResourceField.request(name);
    if (field.writtenIn(resources) != null && Amount.of(request).isEmpty()) {
      violations
          .apply(field.below(at))
          .found(ResourceField.text(request))
          .wanted("an amount that the limit can be compared with")
          .withoutRemedy();
    } else if (isBeyond(ratio, limit, request)) {
      violations
          .apply(ResourceField.limit(name).below(at))
          .found(ResourceField.text(limit))
          .wanted("at most " + ratio + " times the request of " + ResourceField.text(request))
          .withoutRemedy();
    }
  }

  /** Whether the limit is more than so many requests; also where they cannot be compared. */
  private static boolean isBeyond(Quantity ratio, Quantity limit, Quantity request) {
    return Amount.of(limit)
        .flatMap(amount ->
            Amount.of(request)
                .flatMap(each ->
                    Amount.of(ratio).map(factor -> amount.compareTo(each.multiply(factor)) > 0)))
        .orElse(true);
  }
}
