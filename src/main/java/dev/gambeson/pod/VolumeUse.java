package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the containers of a pod mount one of its volumes. */
public final class VolumeUse {
  static final VolumeUse NONE = new VolumeUse();

  private final List<String> containers = new ArrayList<>();
  private @Nullable FieldPath last;
  private boolean readOnly = true;
  private @Nullable Place place;
  private boolean elsewhere;

  /** Where and how a container has a volume. */
  private record Place(
      boolean readOnly,
      @Nullable String path,
      String subPath,
      String subPathExpr,
      String propagation) {

    static Place of(VolumeMount mount, boolean readOnly) {
      return new Place(
          readOnly,
          mount.getMountPath(),
          given(mount.getSubPath(), ""),
          given(mount.getSubPathExpr(), ""),
          given(mount.getMountPropagation(), "None"));
    }

    private static String given(@Nullable String text, String otherwise) {
      return text == null || text.isEmpty() ? otherwise : text;
    }
  }

  VolumeUse() {}

  /** Counts a mount in; those of one container come one after the other. */
  void add(ContainerRef container, VolumeMount mount) {
    if (!container.path().equals(last)) {
      containers.add(container.name());
      last = container.path();
    }
    var other = Place.of(mount, Boolean.TRUE.equals(mount.getReadOnly()));
    readOnly &= other.readOnly();
    elsewhere |= place != null && !place.equals(other);
    place = other;
  }

  /** The names of the containers that mount it. */
  public List<String> containers() {
    return Collections.unmodifiableList(containers);
  }

  /** Whether every mount says that it is read-only. */
  public boolean isReadOnly() {
    return readOnly;
  }

  /** Whether every mount is that one, read-only, under whichever name of the volume. */
  boolean isOnly(VolumeMount mount) {
    return place == null || (!elsewhere && Objects.equals(place, Place.of(mount, true)));
  }
}
