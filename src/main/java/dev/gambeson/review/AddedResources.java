package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of a namespace ask for more, all replicas together.
 *
 * @param resource {@code requests.cpu}
 * @param exceeded the ResourceQuotas that have no room for it, in words
 */
public record AddedResources(
    String namespace, String resource, BigDecimal amount, List<String> exceeded) {
  private static final String REQUESTS = "requests.";

  public AddedResources {
    exceeded = List.copyOf(exceeded);
  }

  /** Adds up, and holds the sums against quotas. */
  static final class Sum {
    private final Map<String, Map<String, BigDecimal>> namespaces = new TreeMap<>();

    /**
     * Adds pods.
     *
     * @param count how many; negative where they are no longer there
     */
    void add(String namespace, Map<String, BigDecimal> resources, long count) {
      var sums = namespaces.computeIfAbsent(namespace, key -> new TreeMap<>());
      var factor = BigDecimal.valueOf(count);
      resources.forEach(
          (name, amount) -> sums.merge(name, amount.multiply(factor), BigDecimal::add));
    }

    /**
     * All that is not zero.
     *
     * @param objects the ResourceQuotas are among them
     */
    List<AddedResources> under(List<KubernetesObject> objects) {
      var quotas =
          objects.stream()
              .filter(object -> object.kind().equals("ResourceQuota"))
              .filter(quota -> quota.value().at("/spec/scopes").isEmpty())
              .filter(quota -> quota.value().at("/spec/scopeSelector").isMissingNode())
              .collect(Collectors.groupingBy(quota -> quota.namespace("")));
      var all = new ArrayList<AddedResources>();
      namespaces.forEach((namespace, sums) ->
          sums.forEach((resource, amount) -> {
            if (amount.signum() != 0) {
              var exceeded = exceeded(resource, amount, quotas.getOrDefault(namespace, List.of()));
              all.add(new AddedResources(namespace, resource, amount, exceeded));
            }
          }));
      return all;
    }
  }

  private static List<String> exceeded(
      String resource, BigDecimal more, List<KubernetesObject> quotas) {
    var all = new ArrayList<String>();
    for (var quota : quotas) {
      for (var name : names(resource)) {
        var hard = quota.value().at("/spec/hard").path(name);
        var used = quota.value().at("/status/used").path(name);
        var most = amount(hard);
        var now = amount(used);
        if (most != null
            && more.signum() > 0
            && more.add(now == null ? BigDecimal.ZERO : now).compareTo(most) > 0) {
          all.add(
              "ResourceQuota %s: %s of %s are used"
                  .formatted(
                      quota.value().at("/metadata/name").asText(),
                      used.asText("0"),
                      hard.asText()));
        }
      }
    }
    return all;
  }

  /** A quota names requests with their prefix or without. */
  private static List<String> names(String resource) {
    return resource.startsWith(REQUESTS)
        ? List.of(resource, resource.substring(REQUESTS.length()))
        : List.of(resource);
  }

  private static @Nullable BigDecimal amount(JsonNode value) {
    var quantity = value.isMissingNode() ? null : Amount.parse(value.asText());
    return quantity == null ? null : Amount.of(quantity).orElse(null);
  }
}
