package dev.gambeson.rule;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the empty directories of a pod and the resources of its containers bound each other. A
 * directory in memory counts against the memory of the containers that write into it, and the
 * kubelet makes it no larger than the pod's memory limit. Directories on disk count against the
 * {@code ephemeral-storage} of the pod, which its containers have together.
 */
public final class EmptyDirResources {
  public static final String MEMORY = "memory";
  public static final String DISK = "ephemeral-storage";

  private final Pod pod;
  private final Supplier<Set<FieldPath>> filled;
  private @Nullable Directories directories;
  private @Nullable Containers containers;

  /**
   * What the containers that mount a directory say of what it takes.
   *
   * @param limit of all of them; empty where one has none
   * @param most the largest amount that one of them requests, or is limited to
   */
  private record Mounted(Optional<BigDecimal> limit, @Nullable Quantity most) {
    static Mounted by(@Nullable ResourceRequirements resources, String resource) {
      var limit = ResourceField.limit(resource);
      return new Mounted(
          limit.amountIn(resources),
          larger(limit.writtenIn(resources), ResourceField.request(resource).writtenIn(resources)));
    }

    Mounted and(Mounted other) {
      return new Mounted(
          limit.isPresent() && other.limit.isPresent()
              ? Optional.of(limit.get().add(other.limit.get()))
              : Optional.empty(),
          larger(most, other.most));
    }
  }

  /** The empty directories by the names of their volumes, and what may be in them. */
  private static final class Directories {
    private final Map<String, String> resources = new HashMap<>();
    private final Map<String, Quantity> sizesInMemory = new HashMap<>();
    private final Map<String, Quantity> sizesOnDisk = new HashMap<>();

    private Directories(Pod pod, Supplier<Set<FieldPath>> filled) {
      Set<FieldPath> ofFixes = null;
      var volumes = pod.getSpec().getVolumes();
      for (int i = 0; i < volumes.size(); i++) {
        var volume = volumes.get(i);
        var resource = resource(volume).orElse(null);
        if (resource == null) {
          continue;
        }
        resources.put(volume.getName(), resource);
        var size = volume.getEmptyDir().getSizeLimit();
        if (size == null) {
          continue;
        }
        ofFixes = ofFixes == null ? filled.get() : ofFixes;
        if (!ofFixes.contains(sizeLimit(i))) {
          (resource.equals(MEMORY) ? sizesInMemory : sizesOnDisk).put(volume.getName(), size);
        }
      }
    }
  }

  /** What the containers say of these directories. */
  private static final class Containers {
    private final Optional<BigDecimal> limitOnDisk;
    private final Map<String, Mounted> mounted = new HashMap<>();

    private Containers(Pod pod, Directories directories) {
      var containers = ContainerRef.fixable(pod);
      limitOnDisk = limitOnDisk(containers);
      if (directories.resources.isEmpty()) {
        return;
      }
      for (var container : containers) {
        for (var name : volumesOf(container)) {
          var resource = directories.resources.get(name);
          if (resource != null) {
            var here = Mounted.by(container.container().getResources(), resource);
            var elsewhere = mounted.get(name);
            mounted.put(name, elsewhere == null ? here : elsewhere.and(here));
          }
        }
      }
    }
  }

  /**
   * Reads the volumes of a pod when it is first asked, and the containers once they are needed.
   *
   * @param filled the fields that the author did not write; asked for once, and only if an empty
   *     directory has a size limit
   */
  public EmptyDirResources(Pod pod, Supplier<Set<FieldPath>> filled) {
    this.pod = pod;
    this.filled = filled;
  }

  private Directories directories() {
    if (directories == null) {
      directories = new Directories(pod, filled);
    }
    return directories;
  }

  private Containers containers() {
    if (containers == null) {
      containers = new Containers(pod, directories());
    }
    return containers;
  }

  /** The sum of those that there are. */
  private static Optional<BigDecimal> limitOnDisk(List<ContainerRef> containers) {
    var sum = Optional.<BigDecimal>empty();
    for (var container : containers) {
      var limit = ResourceField.limit(DISK).amountIn(container.container().getResources());
      sum =
          sum.isPresent() && limit.isPresent()
              ? Optional.of(sum.get().add(limit.get()))
              : sum.or(() -> limit);
    }
    return sum;
  }

  /** The field with the limit of the volume at that position. */
  public static FieldPath sizeLimit(int position) {
    return FieldPath.of("spec", "volumes", position, "emptyDir", "sizeLimit");
  }

  /** What the volume takes; empty where it is no empty directory, or one of huge pages. */
  public static Optional<String> resource(Volume volume) {
    var emptyDir = volume.getEmptyDir();
    if (emptyDir == null) {
      return Optional.empty();
    }
    var medium = emptyDir.getMedium();
    return switch (medium == null ? "" : medium) {
      case "" -> Optional.of(DISK);
      case "Memory" -> Optional.of(MEMORY);
      default -> Optional.empty();
    };
  }

  /** What bounds an empty directory that has no limit of its own; empty where nothing does. */
  public Optional<Quantity> bound(Volume volume) {
    var amount =
        resource(volume).filter(MEMORY::equals).isEmpty()
            ? containers().limitOnDisk
            : ResourceField.limit(MEMORY)
                .amountIn(pod.getSpec().getResources())
                .or(() ->
                    Optional.ofNullable(containers().mounted.get(volume.getName()))
                        .flatMap(Mounted::limit));
    return amount.map(sum -> Quantity.fromNumericalAmount(sum, ""));
  }

  /**
   * The largest amount that the pod says of what an empty directory takes, as a whole or in a
   * container that mounts it; null where it says none.
   */
  public @Nullable Quantity most(Volume volume) {
    var ofPod = Mounted.by(pod.getSpec().getResources(), resource(volume).orElseThrow()).most();
    var ofContainers = containers().mounted.get(volume.getName());
    return larger(ofPod, ofContainers == null ? null : ofContainers.most());
  }

  /** What the directories in memory that the container mounts may hold; null for none. */
  public @Nullable Quantity inMemory(ContainerRef container) {
    var sizes = directories().sizesInMemory;
    var here = new ArrayList<Quantity>();
    if (!sizes.isEmpty()) {
      for (var name : volumesOf(container)) {
        var size = sizes.get(name);
        if (size != null) {
          here.add(size);
        }
      }
    }
    return total(here);
  }

  /** What the directories on disk may hold together; null for none. */
  public @Nullable Quantity onDisk() {
    return total(List.copyOf(directories().sizesOnDisk.values()));
  }

  private static @Nullable Quantity total(List<Quantity> sizes) {
    var sum = BigDecimal.ZERO;
    for (var size : sizes) {
      var amount = Amount.of(size);
      if (amount.isEmpty() || sizes.size() == 1) {
        return size;
      }
      sum = sum.add(amount.get());
    }
    return sizes.isEmpty() ? null : Quantity.fromNumericalAmount(sum, "");
  }

  private static Set<String> volumesOf(ContainerRef container) {
    var names = new HashSet<String>();
    for (var mount : container.container().getVolumeMounts()) {
      names.add(mount.getName());
    }
    return names;
  }

  /** The larger of the two that there are; one that cannot be compared is the larger. */
  public static @Nullable Quantity larger(@Nullable Quantity one, @Nullable Quantity other) {
    return one == null || (other != null && Amount.isAbove(other, one)) ? other : one;
  }
}
