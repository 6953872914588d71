package dev.gambeson.pod;

import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where a container has its mounts and devices, however their paths are spelt. */
public final class MountPaths {
  private MountPaths() {}

  /** Whether the container has a mount or device at just this path. */
  public static boolean isAt(ContainerRef container, String path) {
    return isAny(container, normal(path)::equals);
  }

  /** Whether the path is, or is below, a mount or device of the container. */
  public static boolean isInside(ContainerRef container, String path) {
    return isAny(container, normal(path)::startsWith);
  }

  /** Whether the container has a mount or device at the path, above it or below it. */
  public static boolean isOccupied(ContainerRef container, String path) {
    var wanted = normal(path);
    return isInside(container, path) || isAny(container, taken -> taken.startsWith(wanted));
  }

  /** Whether two paths are the same place. */
  public static boolean areSame(@Nullable String one, @Nullable String other) {
    return one != null && other != null && normal(one).equals(normal(other));
  }

  /** Whether what is mounted at a path has the other path in it. */
  public static boolean isAbove(String path, String other) {
    return normal(other).startsWith(normal(path));
  }

  /** Whether the place of a mount or device of the container is as wanted. */
  private static boolean isAny(ContainerRef container, Predicate<String> wanted) {
    for (var mount : container.container().getVolumeMounts()) {
      if (mount.getMountPath() != null && wanted.test(normal(mount.getMountPath()))) {
        return true;
      }
    }
    for (var device : container.container().getVolumeDevices()) {
      if (device.getDevicePath() != null && wanted.test(normal(device.getDevicePath()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * As the kernel sees it from the root; ends in a slash, so that a path is above those that it
   * begins.
   */
  public static String normal(String path) {
    if (path.startsWith("/") && !path.contains("//") && !path.contains("/.")) {
      return path.endsWith("/") ? path : path + "/";
    }
    var steps = new ArrayDeque<String>();
    for (var step : path.split("/", -1)) {
      if (step.equals("..")) {
        steps.pollLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.addLast(step);
      }
    }
    return steps.isEmpty() ? "/" : "/" + String.join("/", steps) + "/";
  }
}
