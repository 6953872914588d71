package dev.gambeson.rule;

import dev.gambeson.pod.PodSelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container for some pods. */
public record Sidecar(
    PodSelector pods,
    List<String> namespaces,
    @Nullable Type type,
    @Nullable Position position,
    Container container,
    List<Volume> volumes,
    List<String> sharedFolders)
    implements Selecting {
  public Sidecar {
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
    if (type == Type.PLAIN && position == Position.FIRST) {
      throw new IllegalArgumentException(
          "position: only a native sidecar can be first, before the pod's init containers");
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
            "sharedFolders: \"" + folder + "\" is not an absolute path");
      }
    }
  }

  public Sidecar forAnyPod() {
    return new Sidecar(
        PodSelector.ALL, List.of(), type, position, container, volumes, sharedFolders);
  }

  public boolean isNative() {
    return type != Type.PLAIN;
  }

  public boolean isFirst() {
    return position == Position.FIRST;
  }

  /** How the container runs. */
  public enum Type {
    NATIVE,
    PLAIN
  }

  /** Where a native sidecar stands among the init containers. */
  public enum Position {
    FIRST,
    LAST
  }
}
