package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests that the API server derives from limits: in each container, and in {@code
 * spec.resources} where that is used.
 */
final class ResourceDefaults {
  private static final String HUGE_PAGES = "hugepages-";

  private ResourceDefaults() {}

  static void apply(PodSpec spec) {
    Stream.of(spec.getInitContainers(), spec.getContainers())
        .flatMap(List::stream)
        .map(Container::getResources)
        .forEach(ResourceDefaults::requestLimits);
    var resources = spec.getResources();
    if (resources != null) {
      podLimits(spec, resources);
      podRequests(spec, resources);
    }
  }

  static void requestLimits(@Nullable ResourceRequirements resources) {
    if (resources != null && isGiven(resources.getLimits())) {
      var requests = copy(resources.getRequests());
      resources.getLimits().forEach(requests::putIfAbsent);
      resources.setRequests(requests);
    }
  }

  private static void podLimits(PodSpec spec, ResourceRequirements resources) {
    if (!isGiven(resources.getLimits()) && !isGiven(resources.getRequests())) {
      return;
    }
    var limits = copy(resources.getLimits());
    var requests = copy(resources.getRequests());
    EffectiveResources.ofContainers(spec, ResourceRequirements::getLimits)
        .forEach((name, amount) -> {
          if (name.startsWith(HUGE_PAGES) && !requests.containsKey(name)) {
            limits.putIfAbsent(name, quantity(amount));
          }
        });
    resources.setLimits(limits);
  }

  private static void podRequests(PodSpec spec, ResourceRequirements resources) {
    if (!isGiven(resources.getLimits())) {
      return;
    }
    var requests = copy(resources.getRequests());
    EffectiveResources.ofContainers(spec, ResourceRequirements::getRequests)
        .forEach((name, amount) -> {
          if (name.equals("cpu") || name.equals("memory")) {
            requests.putIfAbsent(name, quantity(amount));
          }
        });
    resources
        .getLimits()
        .forEach((name, limit) -> {
          if (name.equals("cpu") || name.equals("memory") || name.startsWith(HUGE_PAGES)) {
            requests.putIfAbsent(name, limit);
          }
        });
    resources.setRequests(requests);
  }

  private static Quantity quantity(BigDecimal amount) {
    return Quantity.fromNumericalAmount(amount, "");
  }

  private static boolean isGiven(@Nullable Map<String, Quantity> quantities) {
    return quantities != null && !quantities.isEmpty();
  }

  private static Map<String, Quantity> copy(@Nullable Map<String, Quantity> quantities) {
    return quantities == null ? new LinkedHashMap<>() : new LinkedHashMap<>(quantities);
  }
}
