package dev.gambeson.rule;

import static dev.gambeson.pod.Fields.LIMITS;
import static dev.gambeson.pod.Fields.REQUESTS;
import static dev.gambeson.pod.Fields.RESOURCES;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.LimitRanger;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills requests and limits into the containers of one pod. */
public final class ResourceFill {
  private final Map<String, Quantity> requests;
  private final Map<String, Quantity> limits;
  private final PodPatch patch;
  private final List<ContainerRef> fixable;
  private final EmptyDirResources directories;
  private final Set<String> ofLimitRanger;
  private final boolean limitsDisk;

  /**
   * Starts on a pod.
   *
   * @param requests by resource, where a container has neither a request nor a limit of it
   * @param limits likewise
   * @param fixable the containers that the fix may change
   */
  public ResourceFill(
      Map<String, Quantity> requests,
      Map<String, Quantity> limits,
      PodPatch patch,
      List<ContainerRef> fixable) {
    this.requests = requests;
    this.limits = limits;
    this.patch = patch;
    this.fixable = fixable;
    directories = new EmptyDirResources(patch.pod(), this::changed);
    ofLimitRanger = LimitRanger.resources(patch.pod());
    limitsDisk = limitsDisk();
  }

  private Set<FieldPath> changed() {
    var changed = new HashSet<FieldPath>();
    patch.changes().forEach(change -> changed.add(change.path()));
    return changed;
  }

  /**
   * The kubelet evicts a pod that takes more {@code ephemeral-storage} than its containers are
   * limited to together; those without a limit count nothing. So the first limit bounds the whole
   * pod: it is filled in only where all containers get one, and no author wanted more.
   */
  private boolean limitsDisk() {
    var limit = limits.get(EmptyDirResources.DISK);
    if (limit == null) {
      return false;
    }
    var containers = ContainerRef.fixable(patch.pod());
    boolean anySays = false;
    for (var container : containers) {
      var resources = container.container().getResources();
      if (ResourceField.limit(EmptyDirResources.DISK).isIn(resources)) {
        return true;
      }
      anySays |= ResourceField.isAnyIn(resources, EmptyDirResources.DISK);
    }
    return !anySays && containers.size() == fixable.size() && holds(limit, directories.onDisk());
  }

  public void apply() {
    var podLevel = patch.pod().getSpec().getResources();
    for (var container : fixable) {
      for (var name : ResourceField.NAMES) {
        if (!ResourceField.isAnyIn(podLevel, name)
            && !ResourceField.isAnyIn(container.container().getResources(), name)
            && !ofLimitRanger.contains(name)) {
          fill(container, name);
        }
      }
    }
  }

  private void fill(ContainerRef container, String name) {
    var resources = patch.container(container).child(RESOURCES);
    var request = requests.get(name);
    if (request != null) {
      resources.put(REQUESTS, name, request);
    }
    var limit = limits.get(name);
    if (limit != null && isLimited(container, name, limit)) {
      resources.put(LIMITS, name, limit);
    }
  }

  private boolean isLimited(ContainerRef container, String name, Quantity limit) {
    return switch (name) {
      case EmptyDirResources.MEMORY -> holds(limit, directories.inMemory(container));
      case EmptyDirResources.DISK -> limitsDisk;
      default -> true;
    };
  }

  private static boolean holds(Quantity limit, @Nullable Quantity sizes) {
    return sizes == null || !Amount.isAbove(sizes, limit);
  }
}
