package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;

/**
 * Whether two parts of pods mean the same, however they are spelt. The API server returns a part
 * otherwise than it was written: it adds defaults, and drops what says nothing.
 */
public final class Equivalence {
  private Equivalence() {}

  public static boolean areSame(EnvVar one, EnvVar other) {
    return ModelTree.of(PodDefaults.complete(one))
        .equals(ModelTree.of(PodDefaults.complete(other)));
  }

  public static boolean areSame(EnvFromSource one, EnvFromSource other) {
    return ModelTree.of(one).equals(ModelTree.of(other));
  }

  public static boolean areSame(Volume one, Volume other) {
    var first = PodDefaults.complete(one);
    var second = PodDefaults.complete(other);
    return ModelTree.of(first).equals(ModelTree.of(second))
        // Of an empty source the tree tells no type.
        && (first.getEmptyDir() == null) == (second.getEmptyDir() == null);
  }

  public static boolean areSame(VolumeMount one, VolumeMount other) {
    return ModelTree.of(complete(one)).equals(ModelTree.of(complete(other)));
  }

  private static VolumeMount complete(VolumeMount mount) {
    var copy = new VolumeMountBuilder(mount).build();
    if (copy.getMountPath() != null) {
      copy.setMountPath(MountPaths.normal(copy.getMountPath()));
    }
    if ("None".equals(copy.getMountPropagation())) {
      copy.setMountPropagation(null);
    }
    if ("Disabled".equals(copy.getRecursiveReadOnly())) {
      copy.setRecursiveReadOnly(null);
    }
    return copy;
  }
}
