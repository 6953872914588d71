package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The quality of service that Kubernetes gives a pod, from the least to the best. */
public enum QosClass {
  BEST_EFFORT("BestEffort"),
  BURSTABLE("Burstable"),
  GUARANTEED("Guaranteed");

  private static final List<String> NAMES = List.of("cpu", "memory");

  private final String text;

  QosClass(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * The class of a pod whose requests the API server has defaulted. What the pod sets as a whole
   * counts alone; else its init containers, sidecars and regular containers do.
   *
   * @return empty where an amount cannot be compared
   */
  public static Optional<QosClass> of(Pod pod) {
    var spec = pod.getSpec();
    var podLevel = spec.getResources();
    var all =
        isAnythingSet(podLevel)
            ? List.of(podLevel)
            : Stream.of(spec.getInitContainers(), spec.getContainers())
                .flatMap(List::stream)
                .map(Container::getResources)
                .map(each -> Objects.requireNonNullElseGet(each, ResourceRequirements::new))
                .toList();
    if (!all.stream().allMatch(QosClass::isComparable)) {
      return Optional.empty();
    }
    if (all.stream().allMatch(QosClass::isGuaranteed)) {
      return Optional.of(GUARANTEED);
    }
    return Optional.of(all.stream().anyMatch(QosClass::asksForAnything) ? BURSTABLE : BEST_EFFORT);
  }

  private static boolean isComparable(ResourceRequirements resources) {
    return Stream.of(resources.getLimits(), resources.getRequests())
        .filter(Objects::nonNull)
        .flatMap(quantities -> NAMES.stream().map(quantities::get))
        .filter(Objects::nonNull)
        .allMatch(quantity -> Amount.of(quantity).isPresent());
  }

  private static boolean isGuaranteed(ResourceRequirements resources) {
    return NAMES.stream()
        .allMatch(name -> {
          var limit = amount(resources.getLimits(), name);
          return limit.signum() > 0 && limit.compareTo(amount(resources.getRequests(), name)) == 0;
        });
  }

  private static boolean asksForAnything(ResourceRequirements resources) {
    return NAMES.stream()
        .anyMatch(name ->
            amount(resources.getLimits(), name).signum() > 0
                || amount(resources.getRequests(), name).signum() > 0);
  }

  private static boolean isAnythingSet(@Nullable ResourceRequirements resources) {
    return resources != null
        && Stream.of(resources.getLimits(), resources.getRequests())
            .anyMatch(map -> map != null && !map.isEmpty());
  }

  private static BigDecimal amount(@Nullable Map<String, Quantity> quantities, String name) {
    var quantity = quantities == null ? null : quantities.get(name);
    return Optional.ofNullable(quantity).flatMap(Amount::of).orElse(BigDecimal.ZERO);
  }
}
