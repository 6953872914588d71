package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.QosClass;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives containers requests and limits, so that the scheduler knows what they need and none starves its neighbours.

    **Fields:** `resources.requests` and `resources.limits` of init containers, native sidecars and regular containers, for `cpu`, `memory`
    and `ephemeral-storage`.

    **The fix** fills the `requests` and `limits` of the options into a container that has neither a request nor a limit of that
    resource; so a container never gets a limit below what its author asked for, and one that has a request and no limit, which means to
    burst, may burst on. What LimitRanger or a VPA wrote is on the pod by then, and stays. A resource that the pod sets as a whole
    (`spec.resources`) is left alone in its containers.

    **The check** asks for what `required` lists, and holds requests and limits against `maximum` and `maxLimitRequestRatio`. A
    limit without a request counts as request too, as the API server has it; what the pod sets as a whole counts as required of each
    container.

    **Mind:** filled requests count against the namespace's quota, take room on nodes, and wake a HorizontalPodAutoscaler that was
    idle for want of them. A filled memory limit can kill: a program that needs more is ended, and a JVM makes its heap a quarter of it.
    """)
final class Resources implements Rule.Fix<Resources.Options>, Rule.Check<Resources.Options> {
  /** The options of the rule. */
  record Options(
      @Doc("the requests to fill in: quantities of `cpu`, `memory`, `ephemeral-storage`")
          Map<String, Quantity> requests,
      @Doc("the limits to fill in; none may be below the request of the same resource")
          Map<String, Quantity> limits,
      @Doc("what every container must have: `requests.cpu`, `limits.memory` and so on")
          List<String> required,
      @Doc("the most that a request or limit of one container may be")
          Map<String, Quantity> maximum,
      @Doc("the most that a limit may be, as a multiple of the request")
          Map<String, Quantity> maxLimitRequestRatio,
      @Doc("the least quality of service that a pod may have: `Burstable` or `Guaranteed`")
          @Nullable QosClass qosClass) {
    Options {
      requests = quantities(ResourceField.REQUESTS, requests);
      limits = quantities(ResourceField.LIMITS, limits);
      maximum = quantities("maximum", maximum);
      maxLimitRequestRatio = quantities("maxLimitRequestRatio", maxLimitRequestRatio);
      required = List.copyOf(required);
      for (var entry : limits.entrySet()) {
        var request = requests.get(entry.getKey());
        if (request != null && amount(request).compareTo(amount(entry.getValue())) > 0) {
          throw new IllegalArgumentException(
              "limits: " + entry.getKey() + " is below the request to fill in");
        }
      }
      new ResourceBounds(maximum, maxLimitRequestRatio).require(requests, limits);
      for (var field : required) {
        if (ResourceField.parse(field).isEmpty()) {
          throw new IllegalArgumentException(
              "required: \"" + field + "\": write requests.cpu or limits.memory, for example");
        }
      }
    }

    /** What the fix writes there; null where nothing. */
    @Nullable Quantity toFill(ResourceField field) {
      return (field.list().equals(ResourceField.LIMITS) ? limits : requests).get(field.name());
    }

    ResourceBounds bounds() {
      return new ResourceBounds(maximum, maxLimitRequestRatio);
    }

    private static Map<String, Quantity> quantities(String option, Map<String, Quantity> map) {
      map.forEach((name, quantity) -> {
        if (!ResourceField.NAMES.contains(name)) {
          throw new IllegalArgumentException(
              option + ": \"" + name + "\" is none of " + String.join(", ", ResourceField.NAMES));
        }
        if (amount(quantity).signum() <= 0) {
          throw new IllegalArgumentException(option + ": " + name + " is not above zero");
        }
      });
      return Map.copyOf(map);
    }
  }

  @Override
  public Options defaults() {
    return new Options(
        Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi")),
        Map.of(),
        List.of("requests.cpu", "requests.memory"),
        Map.of(),
        Map.of(),
        null);
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Risk riskOf(FieldPath changed) {
    return changed.parent().last().equals(ResourceField.REQUESTS) ? Risk.SCHEDULING : risk();
  }

  @Override
  public List<Risk> risks() {
    return List.of(Risk.SCHEDULING, risk());
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    var podLevel = patch.pod().getSpec().getResources();
    for (var container : fixable(patch.pod(), scope)) {
      for (var name : ResourceField.NAMES) {
        if (!has(podLevel, name) && !has(container.container().getResources(), name)) {
          fill(patch, container, name, options);
        }
      }
    }
  }

  private static void fill(PodPatch patch, ContainerRef container, String name, Options options) {
    var resources =
        patch
            .container(container)
            .child(
                "resources",
                Container::getResources,
                Container::setResources,
                ResourceRequirements::new);
    var request = options.requests().get(name);
    if (request != null) {
      resources.put(
          ResourceField.REQUESTS,
          ResourceRequirements::getRequests,
          ResourceRequirements::setRequests,
          name,
          request);
    }
    var limit = options.limits().get(name);
    if (limit != null) {
      resources.put(
          ResourceField.LIMITS,
          ResourceRequirements::getLimits,
          ResourceRequirements::setLimits,
          name,
          limit);
    }
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    var podLevel = pod.getSpec().getResources();
    for (var container : containersOf(pod)) {
      var resources = container.container().getResources();
      for (var text : options.required()) {
        var field = ResourceField.parse(text).orElseThrow();
        if (field.effectiveIn(resources) == null && field.effectiveIn(podLevel) == null) {
          var fill = options.toFill(field);
          violations.add(
              container,
              field.in(container),
              "nothing",
              "a quantity" + (fill == null ? "" : ", " + fill + " for example"),
              fill == null ? null : fill.toString());
        }
      }
      options.bounds().check(container, violations);
    }
    checkQosClass(options, pod, violations);
  }

  private static void checkQosClass(Options options, Pod pod, Violations violations) {
    var wanted = options.qosClass();
    var found = wanted == null ? null : qosClass(pod);
    if (wanted == null || found == null || found.compareTo(wanted) >= 0) {
      return;
    }
    violations.add(
        FieldPath.of("spec", "containers"),
        "quality of service " + found,
        wanted == QosClass.GUARANTEED
            ? "Guaranteed: in each container, limits of cpu and memory, and no request below them"
            : "Burstable: a request of cpu or memory",
        null);
  }

  private static @Nullable QosClass qosClass(Pod pod) {
    try {
      return QosClass.of(pod);
    } catch (IllegalArgumentException e) {
      // No quantity at all: the API server says so.
      return null;
    }
  }

  private static boolean has(@Nullable ResourceRequirements resources, String name) {
    return ResourceField.request(name).isIn(resources) || ResourceField.limit(name).isIn(resources);
  }

  private static BigDecimal amount(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity);
  }
}
