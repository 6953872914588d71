package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Keeps one pod from filling the disk or the memory of its node through an empty directory.

    **Field:** `emptyDir.sizeLimit` of every volume that is an `emptyDir`, whoever added it. **Allowed:** a quantity above zero, and up to
    `maximum` or `memoryMaximum` where they are set. A limit of zero is none.

    **The fix** sets `sizeLimit`, or `memorySizeLimit` for `medium: Memory`, where the field is absent; the directories that
    `ReadOnlyRootFilesystem` mounts get one too. Huge pages are left alone: the pod has to request them anyway.

    **Mind:** a pod that puts more into a directory on disk is evicted. A directory in memory is full at its limit, and what it holds
    counts towards the memory limits of the pod's containers. What is on disk counts towards their limits of `ephemeral-storage`.

    **Standard:** none; the check is the rule's own.
    """)
final class EmptyDirSizeLimit
    implements Rule.Fix<EmptyDirSizeLimit.Options>, Rule.Check<EmptyDirSizeLimit.Options> {
  private static final String FIELD = "sizeLimit";

  /** The options of the rule. */
  record Options(
      @Doc("the limit to fill in for a directory on disk") Quantity sizeLimit,
      @Doc("the limit to fill in for a directory with `medium: Memory`") Quantity memorySizeLimit,
      @Doc("the most that the limit of a directory on disk may be; absent, there is none")
          @Nullable Quantity maximum,
      @Doc(
              "the most that the limit of a directory with `medium: Memory` may be; absent, there is none")
          @Nullable Quantity memoryMaximum) {
    Options {
      requireUpTo(FIELD, sizeLimit, maximum);
      requireUpTo("memorySizeLimit", memorySizeLimit, memoryMaximum);
    }

    private static void requireUpTo(String option, Quantity limit, @Nullable Quantity most) {
      if (amount(limit).signum() <= 0) {
        throw new IllegalArgumentException(option + ": " + limit + " is not above zero");
      }
      if (most != null && amount(limit).compareTo(amount(most)) > 0) {
        throw new IllegalArgumentException(option + ": " + limit + " is above the maximum " + most);
      }
    }
  }

  /** What the options say about one kind of directory. */
  private record Bounds(Quantity limit, @Nullable Quantity maximum) {}

  @Override
  public Options defaults() {
    return new Options(new Quantity("1Gi"), new Quantity("256Mi"), null, null);
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    var volumes = patch.pod().getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      var volume = patch.spec().element("volumes", PodSpec::getVolumes, i);
      bounds(options, volumes.get(i))
          .ifPresent(bounds ->
              volume
                  .child(
                      "emptyDir",
                      Volume::getEmptyDir,
                      Volume::setEmptyDir,
                      EmptyDirVolumeSource::new)
                  .fill(
                      FIELD,
                      EmptyDirVolumeSource::getSizeLimit,
                      EmptyDirVolumeSource::setSizeLimit,
                      bounds.limit()));
    }
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    var volumes = pod.getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      var path = FieldPath.of("spec", "volumes", i, "emptyDir", FIELD);
      var volume = volumes.get(i);
      bounds(options, volume)
          .ifPresent(bounds ->
              check(bounds, volume.getEmptyDir().getSizeLimit(), path, volume, violations));
    }
  }

  private static void check(
      Bounds bounds,
      @Nullable Quantity found,
      FieldPath path,
      Volume volume,
      Violations violations) {
    var where = " in volume \"" + volume.getName() + "\"";
    if (found == null || amount(found).signum() <= 0) {
      violations.add(
          path,
          (found == null ? "nothing" : found + ", which is no limit,") + where,
          "a limit, " + bounds.limit() + " for example",
          bounds.limit().toString());
    } else if (bounds.maximum() != null && amount(found).compareTo(amount(bounds.maximum())) > 0) {
      violations.add(
          path, found + where, "at most " + bounds.maximum(), bounds.maximum().toString());
    }
  }

  /** Empty for a volume that is no empty directory, or one of huge pages. */
  private static Optional<Bounds> bounds(Options options, Volume volume) {
    var emptyDir = volume.getEmptyDir();
    if (emptyDir == null) {
      return Optional.empty();
    }
    var medium = emptyDir.getMedium();
    return switch (medium == null ? "" : medium) {
      case "" -> Optional.of(new Bounds(options.sizeLimit(), options.maximum()));
      case "Memory" -> Optional.of(new Bounds(options.memorySizeLimit(), options.memoryMaximum()));
      default -> Optional.empty();
    };
  }

  private static BigDecimal amount(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity);
  }
}
