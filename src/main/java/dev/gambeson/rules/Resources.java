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
  private static final List<String> NAMES = List.of("cpu", "memory", "ephemeral-storage");
  private static final String REQUESTS = "requests";
  private static final String LIMITS = "limits";

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
      requests = quantities(REQUESTS, requests);
      limits = quantities(LIMITS, limits);
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
      requireWithin(REQUESTS, requests, maximum);
      requireWithin(LIMITS, limits, maximum);
      requireRatio(requests, limits, maxLimitRequestRatio);
      for (var field : required) {
        int dot = field.indexOf('.');
        var list = field.substring(0, Math.max(dot, 0));
        if (!Set.of(REQUESTS, LIMITS).contains(list) || !NAMES.contains(field.substring(dot + 1))) {
          throw new IllegalArgumentException(
              "required: \"" + field + "\": write requests.cpu or limits.memory, for example");
        }
      }
    }

    private static void requireWithin(
        String option, Map<String, Quantity> fill, Map<String, Quantity> maximum) {
      fill.forEach((name, quantity) -> {
        var most = maximum.get(name);
        if (most != null && exceeds(quantity, most, BigDecimal.ONE)) {
          throw new IllegalArgumentException(
              option + ": " + name + ": " + quantity + " is above the maximum " + most);
        }
      });
    }

    private static void requireRatio(
        Map<String, Quantity> requests,
        Map<String, Quantity> limits,
        Map<String, Quantity> ratios) {
      ratios.forEach((name, ratio) -> {
        var request = requests.get(name);
        var limit = limits.get(name);
        if (request != null && limit != null && exceeds(limit, request, amount(ratio))) {
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

    private static Map<String, Quantity> quantities(String option, Map<String, Quantity> map) {
      map.forEach((name, quantity) -> {
        if (!NAMES.contains(name)) {
          throw new IllegalArgumentException(
              option + ": \"" + name + "\" is none of " + String.join(", ", NAMES));
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
    return Risk.MAY_KILL_AT_RUN_TIME;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    var podLevel = patch.pod().getSpec().getResources();
    for (var container : fixable(patch.pod(), scope)) {
      for (var name : NAMES) {
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
          REQUESTS,
          ResourceRequirements::getRequests,
          ResourceRequirements::setRequests,
          name,
          request);
    }
    var limit = options.limits().get(name);
    if (limit != null) {
      resources.put(
          LIMITS, ResourceRequirements::getLimits, ResourceRequirements::setLimits, name, limit);
    }
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    var podLevel = pod.getSpec().getResources();
    for (var container : containersOf(pod)) {
      var resources = container.container().getResources();
      for (var field : options.required()) {
        int dot = field.indexOf('.');
        var list = field.substring(0, dot);
        var name = field.substring(dot + 1);
        if (value(resources, list, name) == null && value(podLevel, list, name) == null) {
          var fill = (list.equals(LIMITS) ? options.limits() : options.requests()).get(name);
          violations.add(
              container,
              container.path("resources", list, name),
              "nothing",
              "a quantity" + (fill == null ? "" : ", " + fill + " for example"),
              fill == null ? null : fill.toString());
        }
      }
      for (var name : NAMES) {
        checkMaximum(options, container, name, violations);
        checkRatio(options, container, name, violations);
      }
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

  private static void checkMaximum(
      Options options, ContainerRef container, String name, Violations violations) {
    var maximum = options.maximum().get(name);
    if (maximum == null) {
      return;
    }
    for (var list : List.of(REQUESTS, LIMITS)) {
      var value = map(container.container().getResources(), list).get(name);
      if (value != null && exceeds(value, maximum, BigDecimal.ONE)) {
        violations.add(
            container,
            container.path("resources", list, name),
            value.toString(),
            "at most " + maximum,
            maximum.toString());
      }
    }
  }

  private static void checkRatio(
      Options options, ContainerRef container, String name, Violations violations) {
    var ratio = options.maxLimitRequestRatio().get(name);
    var limit = value(container.container().getResources(), LIMITS, name);
    var request = value(container.container().getResources(), REQUESTS, name);
    if (ratio != null
        && limit != null
        && request != null
        && exceeds(limit, request, amount(ratio))) {
      violations.add(
          container,
          container.path("resources", LIMITS, name),
          limit.toString(),
          "at most " + ratio + " times the request of " + request,
          null);
    }
  }

  private static boolean exceeds(Quantity value, Quantity most, BigDecimal factor) {
    try {
      return amount(value).compareTo(amount(most).multiply(factor)) > 0;
    } catch (IllegalArgumentException e) {
      // No quantity at all: the API server says so.
      return false;
    }
  }

  private static boolean has(@Nullable ResourceRequirements resources, String name) {
    return map(resources, REQUESTS).containsKey(name) || map(resources, LIMITS).containsKey(name);
  }

  /** A limit without a request counts as request too. */
  private static @Nullable Quantity value(
      @Nullable ResourceRequirements resources, String list, String name) {
    var limit = map(resources, LIMITS).get(name);
    return list.equals(LIMITS) ? limit : map(resources, REQUESTS).getOrDefault(name, limit);
  }

  private static Map<String, Quantity> map(@Nullable ResourceRequirements resources, String list) {
    var map =
        resources == null
            ? null
            : list.equals(LIMITS) ? resources.getLimits() : resources.getRequests();
    return map == null ? Map.of() : map;
  }

  private static BigDecimal amount(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity);
  }
}
