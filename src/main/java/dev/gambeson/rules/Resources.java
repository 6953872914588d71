package dev.gambeson.rules;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.QosClass;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.EmptyDirResources;
import dev.gambeson.rule.ResourceBounds;
import dev.gambeson.rule.ResourceField;
import dev.gambeson.rule.ResourceFill;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives containers requests and limits, so that the scheduler knows what they need and none
    starves its neighbours.

    **Fields:** `resources.requests` and `resources.limits` of init containers, native sidecars and
    regular containers, for `cpu`, `memory` and `ephemeral-storage`.

    **The fix** fills the `requests` and `limits` of the options into a container that has neither a
    request nor a limit of that resource; so a container never gets a limit below what its author
    asked for, and one that has a request and no limit, which means to burst, may burst on. What
    LimitRanger or a VPA wrote is on the pod by then, and stays. A resource that the pod sets as a
    whole (`spec.resources`) is left alone in its containers.

    **What the pod says elsewhere counts too.** A container gets no memory limit below what the
    directories that it mounts (`emptyDir` with `medium: Memory`) may hold by their `sizeLimit`. The
    kubelet adds up the `ephemeral-storage` limits of containers, and evicts a pod whose containers
    and directories on disk take more; so the first such limit is filled in only where every
    container gets one and the directories may not hold more.

    **LimitRanger runs again after the webhooks.** A resource that its annotation
    `kubernetes.io/limit-ranger` names for any container is left to it: it gives the same to a
    container that a sidecar injector added since. The annotation counts only if that container has
    what it names: a copied annotation can outlast its LimitRange.

    **The check** asks for what `required` lists, and holds requests and limits, of containers and
    of the pod as a whole, against `maximum` and `maxLimitRequestRatio`. An absent limit breaks no
    maximum. A limit without a request counts as request too, as the API server has it; what the pod
    sets as a whole counts as required of each container. An amount that cannot be compared
    (`1e2147483647`) breaks every bound.

    **Mind:** filled requests take room on nodes, so a pod may find none. They wake a
    HorizontalPodAutoscaler that was idle for want of them: it scales by the use, as a percentage of
    the filled request. A ResourceQuota counts them: where it bounds `requests.cpu`, pods without
    that request are refused, and with a filled one they are refused once the quota is used up;
    where it bounds `limits.memory`, pods without that limit are refused unless the options or a
    LimitRange fill it in. A filled memory limit can kill: a program that needs more is ended, and a
    JVM makes its heap a quarter of it.

    **Not seen in the pod:** a quota, and a LimitRange as far as it gave the pod nothing: because
    the author set everything, or because it only has a `min`, `max` or ratio, or is of type `Pod`.
    The API server refuses a pod whose filled amounts break it. Give such namespaces a profile with
    other amounts, or an exemption.
    """)
record Resources(
    @Doc("the requests to fill in: quantities of `cpu`, `memory`, `ephemeral-storage`")
        Map<String, Quantity> requests,
    @Doc("the limits to fill in; none may be below the request of the same resource")
        Map<String, Quantity> limits,
    @Doc("what every container must have: `requests.cpu`, `limits.memory` and so on")
        List<String> required,
    @Doc("the most that a request or limit of one container, or of the pod as a whole, may be")
        Map<String, Quantity> maximum,
    @Doc("the most that a limit may be, as a multiple of the request")
        Map<String, Quantity> maxLimitRequestRatio,
    @Doc("the least quality of service that a pod may have: `Burstable` or `Guaranteed`")
        @Nullable QosClass qosClass)
    implements Rule.Fix, Rule.Check {
  Resources {
    requests = quantities(ResourceField.REQUESTS, requests);
    limits = quantities(ResourceField.LIMITS, limits);
    maximum = quantities("maximum", maximum);
    maxLimitRequestRatio = quantities("maxLimitRequestRatio", maxLimitRequestRatio);
    required = List.copyOf(required);
    for (var entry : limits.entrySet()) {
      var request = requests.get(entry.getKey());
      if (request != null && Amount.isAbove(request, entry.getValue())) {
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
      if (Amount.of(quantity).filter(amount -> amount.signum() > 0).isEmpty()) {
        throw new IllegalArgumentException(option + ": " + name + " is not above zero");
      }
    });
    return Map.copyOf(map);
  }

  Resources() {
    this(
        Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi")),
        Map.of(),
        List.of("requests.cpu", "requests.memory"),
        Map.of(),
        Map.of(),
        null);
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            "kubectl top pod --containers -n " + Tell.NAMESPACE,
            "shows what containers use: the limit must be above it"));
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
  public void fix(PodPatch patch, Scope scope) {
    new ResourceFill(requests, limits, patch, fixable(patch.pod(), scope)).apply();
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var podLevel = pod.getSpec().getResources();
    var directories = new EmptyDirResources(pod, Set::of);
    var bounds = bounds();
    for (var container : containersOf(pod)) {
      var resources = container.container().getResources();
      for (var text : required()) {
        var field = ResourceField.parse(text).orElseThrow();
        if (field.effectiveIn(resources) == null && field.effectiveIn(podLevel) == null) {
          var example = example(field, container, directories);
          violations
              .at(container, field.in(container))
              .wanted("a quantity" + (example == null ? "" : ", " + example + " for example"))
              .remedy(example == null ? null : example.toString());
        }
      }
      bounds.check(container, violations);
    }
    bounds.check(pod, violations);
    checkQosClass(pod, violations);
  }

  /** What the fix writes there, or as much as the container says of it elsewhere. */
  private @Nullable Quantity example(
      ResourceField field, ContainerRef container, EmptyDirResources directories) {
    var fill = toFill(field);
    if (fill == null || field.list().equals(ResourceField.REQUESTS)) {
      return fill;
    }
    var said =
        EmptyDirResources.larger(
            ResourceField.request(field.name()).writtenIn(container.container().getResources()),
            switch (field.name()) {
              case EmptyDirResources.MEMORY -> directories.inMemory(container);
              case EmptyDirResources.DISK -> directories.onDisk();
              default -> null;
            });
    var example = said != null && Amount.isAbove(said, fill) ? said : fill;
    var most = maximum().get(field.name());
    return Amount.of(example).isEmpty() || (most != null && Amount.isAbove(example, most))
        ? null
        : example;
  }

  private void checkQosClass(Pod pod, Violations violations) {
    var wanted = qosClass();
    if (wanted == null) {
      return;
    }
    var found = QosClass.of(pod);
    if (found.filter(quality -> quality.compareTo(wanted) >= 0).isEmpty()) {
      violations
          .at(FieldPath.of("spec", "containers"))
          .found(
              found
                  .map(quality -> "quality of service " + quality)
                  .orElse("an amount that cannot be compared"))
          .wanted(
              wanted == QosClass.GUARANTEED
                  ? "Guaranteed: in each container, limits of cpu and memory, and no request below them"
                  : "Burstable: a request of cpu or memory")
          .withoutRemedy();
    }
  }
}
