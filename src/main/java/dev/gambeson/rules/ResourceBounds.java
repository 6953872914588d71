package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * The most that a container may ask for of each resource, by the name of the resource, in the terms
 * of a LimitRange.
 *
 * @param maximum of a request or a limit
 * @param maxLimitRequestRatio of a limit, as a multiple of the request
 */
record ResourceBounds(Map<String, Quantity> maximum, Map<String, Quantity> maxLimitRequestRatio) {

  /** Reports everything of the container that is beyond them. */
  void check(ContainerRef container, Violations violations) {
    for (var name : ResourceField.NAMES) {
      checkMaximum(container, name, violations);
      checkRatio(container, name, violations);
    }
  }

  private void checkMaximum(ContainerRef container, String name, Violations violations) {
    var most = maximum.get(name);
    if (most == null) {
      return;
    }
    for (var field : List.of(ResourceField.request(name), ResourceField.limit(name))) {
      var value = field.writtenIn(container.container().getResources());
      if (value != null && exceeds(value, most, BigDecimal.ONE)) {
        violations.add(
            container, field.in(container), value.toString(), "at most " + most, most.toString());
      }
    }
  }

  private void checkRatio(ContainerRef container, String name, Violations violations) {
    var ratio = maxLimitRequestRatio.get(name);
    var resources = container.container().getResources();
    var limit = ResourceField.limit(name).writtenIn(resources);
    var request = ResourceField.request(name).effectiveIn(resources);
    if (ratio != null
        && limit != null
        && request != null
        && exceeds(limit, request, Quantity.getAmountInBytes(ratio))) {
      violations.add(
          container,
          ResourceField.limit(name).in(container),
          limit.toString(),
          "at most " + ratio + " times the request of " + request,
          null);
    }
  }

  private static boolean exceeds(Quantity value, Quantity most, BigDecimal factor) {
    try {
      return Quantity.getAmountInBytes(value)
              .compareTo(Quantity.getAmountInBytes(most).multiply(factor))
          > 0;
    } catch (IllegalArgumentException e) {
      // No quantity at all: the API server says so.
      return false;
    }
  }
}
