package dev.gambeson.rule;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place for a quantity among the resources of a container, or of a pod as a whole: {@code
 * requests.cpu}, {@code limits.memory}.
 *
 * @param list {@value #REQUESTS} or {@value #LIMITS}
 * @param name the resource: one of {@link #NAMES}
 */
public record ResourceField(String list, String name) {
  public static final String REQUESTS = "requests";
  public static final String LIMITS = "limits";
  public static final List<String> NAMES = List.of("cpu", "memory", "ephemeral-storage");

  public static ResourceField request(String name) {
    return new ResourceField(REQUESTS, name);
  }

  public static ResourceField limit(String name) {
    return new ResourceField(LIMITS, name);
  }

  /** Reads one as it is written above; empty where there is none of that name. */
  public static Optional<ResourceField> parse(String text) {
    int dot = text.indexOf('.');
    var list = text.substring(0, Math.max(dot, 0));
    var name = text.substring(dot + 1);
    return (list.equals(REQUESTS) || list.equals(LIMITS)) && NAMES.contains(name)
        ? Optional.of(new ResourceField(list, name))
        : Optional.empty();
  }

  /** Whether a request or a limit of the resource is written there. */
  public static boolean isAnyIn(@Nullable ResourceRequirements resources, String name) {
    return request(name).isIn(resources) || limit(name).isIn(resources);
  }

  /** Whether anything is written there. */
  public boolean isIn(@Nullable ResourceRequirements resources) {
    return quantities(resources).containsKey(name);
  }

  /** What is written there; null where nothing is. */
  public @Nullable Quantity writtenIn(@Nullable ResourceRequirements resources) {
    return quantities(resources).get(name);
  }

  /** What counts there: a limit without a request is the request too. */
  public @Nullable Quantity effectiveIn(@Nullable ResourceRequirements resources) {
    return quantities(resources).getOrDefault(name, limit(name).writtenIn(resources));
  }

  /** The amount that is written there; empty where it is none above zero. */
  public Optional<BigDecimal> amountIn(@Nullable ResourceRequirements resources) {
    var written = writtenIn(resources);
    var amount = written == null ? Optional.<BigDecimal>empty() : Amount.of(written);
    return amount.isPresent() && amount.get().signum() > 0 ? amount : Optional.empty();
  }

  public FieldPath in(ContainerRef container) {
    return below(container.path("resources"));
  }

  /**
   * Its path.
   *
   * @param resources the path of the resources that it is in
   */
  public FieldPath below(FieldPath resources) {
    return resources.field(list).field(name);
  }

  /** What a message says of a quantity. */
  public static String text(Quantity quantity) {
    return Amount.of(quantity)
        .map(amount -> quantity.toString())
        .orElse("an amount that cannot be compared");
  }

  private Map<String, Quantity> quantities(@Nullable ResourceRequirements resources) {
    var quantities =
        resources == null
            ? null
            : list.equals(LIMITS) ? resources.getLimits() : resources.getRequests();
    return quantities == null ? Map.of() : quantities;
  }
}
