package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Puts a container beside the application's, a log collector for example, and shows it the application's files.

    **Fields:** `spec.initContainers` or `spec.containers`; `spec.volumes`; `volumeMounts` of regular containers.

    **The fix** adds the `container` of each sidecar that selects the pod, under the sidecar's name. A native one (Kubernetes 1.29 or newer) becomes the last init
    container, with `restartPolicy: Always`: it starts before the application and ends after it, and a Job ends although it runs. A `plain` one
    becomes the last regular container. Later fixes treat it as any container.

    **The application's files:** for each of the `sharedFolders` the sidecar gets, read-only and at the same path, the volume that the first regular container with
    such a mount has there or above. Where none has, an `emptyDir` is mounted there into the regular containers and the sidecar; what an image
    has in that folder is hidden by it.

    **Left alone:** a pod that has a container of that name; pods of Windows nodes. With a warning: a `plain` sidecar, in a pod that is meant to end (a Job's, or any `restartPolicy` but
    `Always`); one with `resources` in a pod with `spec.resources`, and one with `ports` in the node's network, which the API server might refuse; one whose volumes or folders
    collide with the pod's; one that the Pod Security level of the namespace's own label refuses. What only "restricted" asks of a container is not looked at: write
    it into the `container`, or let the fixes of the profile do it.
    """)
final class Sidecars implements Rule.Fix<Sidecars.Options> {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?");

  /** A container for some pods. */
  record Sidecar(
      PodSelector pods,
      List<String> namespaces,
      @Nullable Type type,
      Container container,
      List<Volume> volumes,
      List<String> sharedFolders)
      implements Selecting {
    Sidecar {
      namespaces = List.copyOf(namespaces);
      volumes = List.copyOf(volumes);
      sharedFolders = List.copyOf(sharedFolders);
      if (container.getName() != null || container.getRestartPolicy() != null) {
        throw new IllegalArgumentException(
            "container: name and restartPolicy are not written here: the sidecar's key is the name,"
                + " its type says how it runs");
      }
      if (container.getImage() == null || container.getImage().isBlank()) {
        throw new IllegalArgumentException("container: has no image");
      }
      ApiValidation.requireContainer("container", container);
      Injected.require(volumes, container.getVolumeMounts());
      for (var volume : volumes) {
        if (volume.getHostPath() != null) {
          throw new IllegalArgumentException(
              "volumes: \"" + volume.getName() + "\" is a hostPath: run a DaemonSet for that");
        }
      }
      for (var folder : sharedFolders) {
        if (!folder.startsWith("/") || folder.equals("/") || folder.contains(":")) {
          throw new IllegalArgumentException(
              "sharedFolders: \"" + folder + "\" is no absolute path");
        }
      }
    }

    Sidecar forAnyPod() {
      return new Sidecar(PodSelector.ALL, List.of(), type, container, volumes, sharedFolders);
    }

    boolean isNative() {
      return type != Type.PLAIN;
    }
  }

  /** How the container runs. */
  enum Type {
    NATIVE,
    PLAIN
  }

  /** The options of the rule. */
  record Options(
      @Doc(
              "the sidecars by the name of their container: the `pods` by their labels (`{}` for"
                  + " all), `namespaces` as patterns (none for all), `type` (`native`, which is the"
                  + " default, or `plain`), `container` and `volumes` as a pod has them, and"
                  + " `sharedFolders`")
          Map<String, Sidecar> sidecars) {
    Options {
      sidecars = Collections.unmodifiableSortedMap(new TreeMap<>(sidecars));
      for (var name : sidecars.keySet()) {
        if (!NAME.matcher(name).matches()) {
          throw new IllegalArgumentException(
              "sidecars: \"" + name + "\" is no name of a container of at most 50 characters");
        }
      }
    }
  }

  @Override
  public Options defaults() {
    return new Options(Map.of());
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return Set.of(ContainerRef.Kind.REGULAR);
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Map<FieldPath, Options> parts(Options options) {
    var parts = new LinkedHashMap<FieldPath, Options>();
    options
        .sidecars()
        .forEach((name, sidecar) ->
            parts.put(
                FieldPath.of("sidecars", name), new Options(Map.of(name, sidecar.forAnyPod()))));
    return parts;
  }

  @Override
  public List<FieldPath> brought(Options options, Pod pod, Scope scope) {
    var elements = new ArrayList<FieldPath>();
    options
        .sidecars()
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
  public void fix(Options options, PodPatch patch, Scope scope) {
    var pod = patch.pod();
    options
        .sidecars()
        .forEach((name, sidecar) -> {
          if (PodTraits.isWindows(pod) || !sidecar.selects(pod, scope) || hasContainer(pod, name)) {
            return;
          }
          var injection = new SidecarInjection(name, sidecar, patch, fixable(pod, scope));
          var obstacle = obstacle(sidecar, pod, scope);
          if (obstacle.isEmpty()) {
            obstacle = injection.conflict();
          }
          if (obstacle.isEmpty()) {
            injection.apply();
          } else {
            patch.warn("no " + name + ": " + obstacle);
          }
        });
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
    return Injected.isRefused(List.of(sidecar.container()), sidecar.volumes(), scope)
        ? "the Pod Security level of the namespace refuses it"
        : "";
  }
}
