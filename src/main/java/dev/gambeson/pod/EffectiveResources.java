package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a pod as a whole asks for. */
public final class EffectiveResources {
  private EffectiveResources() {}

  /** What a ResourceQuota counts: what the pod says itself comes before its containers' sum. */
  public static Map<String, BigDecimal> of(
      PodSpec spec, Function<ResourceRequirements, @Nullable Map<String, Quantity>> list) {
    var all = ofContainers(spec, list);
    all.putAll(amounts(spec.getResources(), list));
    return all;
  }

  /**
   * What the scheduler counts for all containers: regular containers and sidecars run together; an
   * init container runs alone, beside the sidecars that were started before it.
   */
  static Map<String, BigDecimal> ofContainers(
      PodSpec spec, Function<ResourceRequirements, @Nullable Map<String, Quantity>> list) {
    var total = new LinkedHashMap<String, BigDecimal>();
    spec.getContainers()
        .forEach(container ->
            amounts(container, list)
                .forEach((name, amount) -> total.merge(name, amount, BigDecimal::add)));
    var sidecars = new LinkedHashMap<String, BigDecimal>();
    var peak = new LinkedHashMap<String, BigDecimal>();
    for (var container : spec.getInitContainers()) {
      boolean sidecar = "Always".equals(container.getRestartPolicy());
      var amounts = amounts(container, list);
      if (sidecar) {
        amounts.forEach((name, amount) -> sidecars.merge(name, amount, BigDecimal::add));
        amounts.forEach((name, amount) -> total.merge(name, amount, BigDecimal::add));
      }
      // What the sidecars ask for of other resources has been counted when they came.
      amounts.forEach((name, amount) -> {
        var beside = sidecars.getOrDefault(name, BigDecimal.ZERO);
        peak.merge(name, sidecar ? beside : beside.add(amount), BigDecimal::max);
      });
    }
    peak.forEach((name, amount) -> total.merge(name, amount, BigDecimal::max));
    return total;
  }

  private static Map<String, BigDecimal> amounts(
      Container container, Function<ResourceRequirements, @Nullable Map<String, Quantity>> list) {
    return amounts(container.getResources(), list);
  }

  private static Map<String, BigDecimal> amounts(
      @Nullable ResourceRequirements resources,
      Function<ResourceRequirements, @Nullable Map<String, Quantity>> list) {
    var amounts = new LinkedHashMap<String, BigDecimal>();
    var quantities = resources == null ? null : list.apply(resources);
    if (quantities != null) {
      quantities.forEach(
          (name, quantity) -> Amount.of(quantity).ifPresent(amount -> amounts.put(name, amount)));
    }
    return amounts;
  }
}
