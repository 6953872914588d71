package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.pod.QosClass;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Injected;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Sidecar;
import dev.gambeson.rule.SidecarInjection;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

@Doc(
    """
    Puts a container beside the application's, a log collector for example, and shows it the
    application's files.

    **Fields:** `spec.initContainers` or `spec.containers`; `spec.volumes`; `volumeMounts` of
    regular containers.

    **The fix** adds the `container` of each sidecar that selects the pod, under the sidecar's name.
    A native one (Kubernetes 1.29 or newer) becomes the last init container, with `restartPolicy:
    Always`: it starts before the application and ends after it, and a Job ends although it runs.
    With `position: first` it comes before the pod's own init containers, which can then use it;
    these wait until it has started, and until its `startupProbe` succeeds. Several with `position:
    first` come in the order of their names. A `plain` one becomes the last regular container. Later
    fixes treat it as any container.

    **The application's files:** for each of the `sharedFolders` the sidecar gets, read-only and at
    the same path, the volume that the first regular container with such a mount has there or above.
    Where none has, an `emptyDir` is mounted there into the regular containers and the sidecar; what
    an image has in that folder is hidden by it.

    **Left alone:** a pod that has a container of that name; pods of Windows nodes. With a warning:
    a `plain` sidecar, in a pod that is meant to end (a Job's, or any `restartPolicy` but `Always`);
    one with `resources` in a pod with `spec.resources`, and one with `ports` in the node's network,
    which the API server might refuse; one whose volumes or folders collide with the pod's, or would
    lie below a read-only mount, where the container runtime cannot make them; one that the Pod
    Security level of the namespace's own label refuses. What only "restricted" asks of a container
    is not looked at: write it into the `container`, or let the fixes of the profile do it.

    **QoS class:** a pod is Guaranteed only while each of its containers has equal requests and
    limits of `cpu` and `memory`. Where the `container` of a sidecar has not, the pod becomes
    Burstable, and a warning says so. A pod that sets `spec.resources` keeps its class.
    """)
record Sidecars(
    @Doc(
            "the sidecars by the name of their container: the `pods` by their labels (`{}` for"
                + " all), `namespaces` as patterns (none for all), `type` (`native`, which is the"
                + " default, or `plain`), `position` of a native one among the init containers"
                + " (`last`, which is the default, or `first`), `container` and `volumes` as a pod"
                + " has them, and `sharedFolders`")
        Map<String, Sidecar> sidecars)
    implements Rule.Injects {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?");

  Sidecars {
    sidecars = Collections.unmodifiableSortedMap(new TreeMap<>(sidecars));
    for (var name : sidecars.keySet()) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "sidecars: \"" + name + "\" is not a container name of at most 50 characters");
      }
    }
  }

  Sidecars() {
    this(Map.of());
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of(ContainerRef.Kind.REGULAR);
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Map<FieldPath, Rule> injections() {
    var all = new LinkedHashMap<FieldPath, Rule>();
    sidecars()
        .forEach((name, sidecar) ->
            all.put(
                FieldPath.of("sidecars", name), new Sidecars(Map.of(name, sidecar.forAnyPod()))));
    return all;
  }

  @Override
  public List<FieldPath> injected(Pod pod, Scope scope) {
    var elements = new ArrayList<FieldPath>();
    sidecars()
        .forEach((name, sidecar) -> {
          if (sidecar.selects(pod, scope)) {
            ContainerRef.fixable(pod).stream()
                .filter(container -> container.name().equals(name))
                .map(ContainerRef::path)
                .forEach(elements::add);
            elements.addAll(Injected.places(sidecar.volumes(), pod));
          }
        });
    return elements;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    // An insertion moves places that were recorded before it.
    for (boolean first : List.of(true, false)) {
      sidecars()
          .forEach((name, sidecar) -> {
            if (sidecar.isFirst() == first) {
              inject(name, sidecar, patch, scope);
            }
          });
    }
  }

  private void inject(String name, Sidecar sidecar, PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (PodTraits.isWindows(pod) || !sidecar.selects(pod, scope) || hasContainer(pod, name)) {
      return;
    }
    var injection = new SidecarInjection(name, sidecar, patch, fixable(pod, scope));
    var obstacle = obstacle(sidecar, pod, scope);
    if (obstacle.isEmpty()) {
      obstacle = injection.conflict();
    }
    if (!obstacle.isEmpty()) {
      patch.warn("no " + name + ": " + obstacle);
      return;
    }
    boolean wasGuaranteed = isGuaranteed(pod);
    injection.apply();
    if (wasGuaranteed && !isGuaranteed(pod)) {
      patch.warn(
          "the pod is no longer Guaranteed: "
              + name
              + " sets no equal requests and limits of cpu and memory");
    }
  }

  private static boolean isGuaranteed(Pod pod) {
    return QosClass.of(pod).equals(Optional.of(QosClass.GUARANTEED));
  }

  private static boolean hasContainer(Pod pod, String name) {
    return ContainerRef.all(pod).stream().anyMatch(container -> container.name().equals(name));
  }

  /** Why the pod cannot have the sidecar; empty where it can. */
  private static String obstacle(Sidecar sidecar, Pod pod, Scope scope) {
    var spec = pod.getSpec();
    var restarts = spec.getRestartPolicy();
    if (!sidecar.isNative() && restarts != null && !restarts.equals("Always")) {
      return "the pod is meant to end, and only a native sidecar ends with it";
    }
    if (spec.getResources() != null && sidecar.container().getResources() != null) {
      return "the pod sets resources as a whole";
    }
    if (PodTraits.usesHostNetwork(pod) && !sidecar.container().getPorts().isEmpty()) {
      return "the pod is in the node's network, where its ports may be taken";
    }
    return Rules.refuse(List.of(sidecar.container()), sidecar.volumes(), scope)
        ? "the Pod Security level of the namespace refuses it"
        : "";
  }
}
