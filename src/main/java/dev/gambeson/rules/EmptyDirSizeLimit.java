package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.EMPTY_DIR;
import static dev.gambeson.pod.Fields.SIZE_LIMIT;
import static dev.gambeson.pod.Fields.VOLUMES;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.EmptyDirResources;
import dev.gambeson.rule.ResourceField;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Keeps one pod from filling the disk or the memory of its node through an empty directory.

    **Field:** `emptyDir.sizeLimit` of every volume that is an `emptyDir`, whoever added it.
    **Allowed:** a quantity above zero, and up to `maximum` or `memoryMaximum` where they are set. A
    limit of zero is none. The field may be absent where the pod is bounded already: for a directory
    in memory, by a memory limit of the pod as a whole or of each container that mounts it; for one
    on disk, by a limit of `ephemeral-storage` of any container, for the kubelet evicts a pod that
    takes more than its containers may take together. That limit must be within the maximum, too.

    **The fix** sets `sizeLimit`, or `memorySizeLimit` for `medium: Memory`, where the field is
    absent; the directories that `ReadOnlyRootFilesystem` mounts get one too. Where a container that
    mounts the directory, or the pod as a whole, asks for more memory or `ephemeral-storage`, it
    sets that amount; where the pod is bounded already, nothing; and never more than the maximum.
    Huge pages are left alone: the pod has to request them anyway.

    **Mind:** a pod that puts more into a directory on disk is evicted. A directory in memory is
    full at its limit, and what it holds counts towards the memory limits of the pod's containers.
    What is on disk counts towards their limits of `ephemeral-storage`.

    **Standard:** none; the check is the rule's own.
    """)
record EmptyDirSizeLimit(
    @Doc("the limit to fill in for a directory on disk") Quantity sizeLimit,
    @Doc("the limit to fill in for a directory with `medium: Memory`") Quantity memorySizeLimit,
    @Doc("the most that the limit of a directory on disk may be; absent, there is none")
        @Nullable Quantity maximum,
    @Doc(
            "the most that the limit of a directory with `medium: Memory` may be; absent, there is none")
        @Nullable Quantity memoryMaximum)
    implements Rule.Fix, Rule.Check {
  EmptyDirSizeLimit {
    requireUpTo("sizeLimit", sizeLimit, maximum);
    requireUpTo("memorySizeLimit", memorySizeLimit, memoryMaximum);
  }

  private static void requireUpTo(String option, Quantity limit, @Nullable Quantity most) {
    if (Amount.of(limit).filter(amount -> amount.signum() > 0).isEmpty()) {
      throw new IllegalArgumentException(option + ": " + limit + " is not above zero");
    }
    if (most != null && Amount.isAbove(limit, most)) {
      throw new IllegalArgumentException(option + ": " + limit + " is above the maximum " + most);
    }
  }

  EmptyDirSizeLimit() {
    this(new Quantity("1Gi"), new Quantity("256Mi"), null, null);
  }

  /** What the options say about one kind of directory. */
  private record Bounds(Quantity limit, @Nullable Quantity maximum) {

    /** The limit for a directory that has none; empty where it needs none. */
    Optional<Quantity> missing(Volume volume, EmptyDirResources resources) {
      var bound = resources.bound(volume).orElse(null);
      if (bound != null) {
        return Optional.ofNullable(maximum).filter(most -> Amount.isAbove(bound, most));
      }
      var said = resources.most(volume);
      var wanted =
          said != null && Amount.of(said).isPresent() && Amount.isAbove(said, limit) ? said : limit;
      return Optional.of(maximum != null && Amount.isAbove(wanted, maximum) ? maximum : wanted);
    }

    /** The same for the fix, which leaves alone what it cannot compare. */
    Optional<Quantity> toFill(Volume volume, EmptyDirResources resources) {
      var said = resources.most(volume);
      return said == null || Amount.of(said).isPresent()
          ? missing(volume, resources)
          : Optional.empty();
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " du -sm " + Tell.MOUNT,
            "shows the megabytes in use: the limit must leave room above them"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var volumes = patch.pod().getSpec().getVolumes();
    if (!hasEmptyDirectory(volumes)) {
      return;
    }
    var resources = new EmptyDirResources(patch.pod(), Set::of);
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      var limit = bounds(volume).flatMap(bounds -> bounds.toFill(volume, resources)).orElse(null);
      if (limit != null) {
        patch.spec().element(VOLUMES, i).child(EMPTY_DIR).fill(SIZE_LIMIT, limit);
      }
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var volumes = pod.getSpec().getVolumes();
    if (!hasEmptyDirectory(volumes)) {
      return;
    }
    var resources = new EmptyDirResources(pod, Set::of);
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      var bounds = bounds(volume).orElse(null);
      if (bounds != null) {
        check(bounds, resources, EmptyDirResources.sizeLimit(i), volume, violations);
      }
    }
  }

  private static boolean hasEmptyDirectory(List<Volume> volumes) {
    for (var volume : volumes) {
      if (volume.getEmptyDir() != null) {
        return true;
      }
    }
    return false;
  }

  private static void check(
      Bounds bounds,
      EmptyDirResources resources,
      FieldPath path,
      Volume volume,
      Violations violations) {
    var found = volume.getEmptyDir().getSizeLimit();
    var where = " in volume \"" + volume.getName() + "\"";
    var most = bounds.maximum();
    if (found == null || isZeroOrBelow(found)) {
      var what = (found == null ? "nothing" : found + ", which is not a limit,") + where;
      bounds
          .missing(volume, resources)
          .ifPresent(limit ->
              violations
                  .at(path)
                  .found(what)
                  .wanted("a limit, " + limit + " for example")
                  .remedy(limit.toString()));
    } else if (most != null && Amount.isAbove(found, most)) {
      violations
          .at(path)
          .found(ResourceField.text(found) + where)
          .wanted("at most " + most)
          .remedy(most.toString());
    } else if (Amount.of(found).isEmpty()) {
      violations
          .at(path)
          .found(ResourceField.text(found) + where)
          .wanted("a limit, " + bounds.limit() + " for example")
          .remedy(bounds.limit().toString());
    }
  }

  /** Empty for a volume that is no empty directory, or one of huge pages. */
  private Optional<Bounds> bounds(Volume volume) {
    return EmptyDirResources.resource(volume)
        .map(resource ->
            resource.equals(EmptyDirResources.MEMORY)
                ? new Bounds(memorySizeLimit(), memoryMaximum())
                : new Bounds(sizeLimit(), maximum()));
  }

  private static boolean isZeroOrBelow(Quantity quantity) {
    return Amount.of(quantity).filter(amount -> amount.signum() <= 0).isPresent();
  }
}
