package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Comparator;
import java.util.Optional;

/** Where a container mounts volumes. */
final class Mounts {
  private Mounts() {}

  /** The mount that a path of the hit's container is in; empty for the root file system. */
  static Optional<JsonNode> of(String path, Hit hit) {
    return hit.ofContainer("volumeMounts")
        .valueStream()
        .filter(mount -> isInside(path, mount.path("mountPath").asText()))
        .max(Comparator.comparingInt(mount -> mount.path("mountPath").asText().length()));
  }

  /** The volume that a path is in; missing for the root file system. */
  static JsonNode volume(String path, Hit hit) {
    var name = of(path, hit).map(mount -> mount.path("name").asText()).orElse("");
    return hit.at(ObservedPod.SPEC)
        .path("volumes")
        .valueStream()
        .filter(volume -> volume.path("name").asText().equals(name))
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  private static boolean isInside(String path, String mountPath) {
    return !mountPath.isEmpty()
        && (path.equals(mountPath)
            || path.startsWith(mountPath.endsWith("/") ? mountPath : mountPath + "/"));
  }
}
