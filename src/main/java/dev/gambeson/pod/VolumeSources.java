package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sources that a volume can have. */
public final class VolumeSources {
  private record Source(String field, Function<Volume, @Nullable Object> get) {}

  private static final List<Source> DEPRECATED =
      List.of(
          new Source("awsElasticBlockStore", Volume::getAwsElasticBlockStore),
          new Source("azureDisk", Volume::getAzureDisk),
          new Source("azureFile", Volume::getAzureFile),
          new Source("cephfs", Volume::getCephfs),
          new Source("cinder", Volume::getCinder),
          new Source("fc", Volume::getFc),
          new Source("flexVolume", Volume::getFlexVolume),
          new Source("flocker", Volume::getFlocker),
          new Source("gcePersistentDisk", Volume::getGcePersistentDisk),
          new Source("gitRepo", Volume::getGitRepo),
          new Source("glusterfs", Volume::getGlusterfs),
          new Source("iscsi", Volume::getIscsi),
          new Source("nfs", Volume::getNfs),
          new Source("photonPersistentDisk", Volume::getPhotonPersistentDisk),
          new Source("portworxVolume", Volume::getPortworxVolume),
          new Source("quobyte", Volume::getQuobyte),
          new Source("rbd", Volume::getRbd),
          new Source("scaleIO", Volume::getScaleIO),
          new Source("storageos", Volume::getStorageos),
          new Source("vsphereVolume", Volume::getVsphereVolume));

  private static final List<Source> RECOMMENDED_SOURCES =
      List.of(
          new Source("configMap", Volume::getConfigMap),
          new Source("csi", Volume::getCsi),
          new Source("downwardAPI", Volume::getDownwardAPI),
          new Source("emptyDir", Volume::getEmptyDir),
          new Source("ephemeral", Volume::getEphemeral),
          new Source("image", Volume::getImage),
          new Source("persistentVolumeClaim", Volume::getPersistentVolumeClaim),
          new Source("projected", Volume::getProjected),
          new Source("secret", Volume::getSecret));

  /** The fields of the sources that the Pod Security Standards recommend. */
  public static final List<String> RECOMMENDED =
      RECOMMENDED_SOURCES.stream().map(Source::field).toList();

  private VolumeSources() {}

  /** How many sources the volume has: API validation takes just one. */
  public static long count(Volume volume) {
    var deprecated = DEPRECATED.stream().map(source -> source.get().apply(volume));
    return Stream.of(recommended(volume), deprecated, Stream.of(volume).map(Volume::getHostPath))
        .flatMap(sources -> sources)
        .filter(Objects::nonNull)
        .count();
  }

  /** Whether the volume has a source that the Pod Security Standards recommend. */
  public static boolean areRecommended(Volume volume) {
    for (var source : RECOMMENDED_SOURCES) {
      if (source.get().apply(volume) != null) {
        return true;
      }
    }
    return false;
  }

  /** The field of the source whose driver is part of Kubernetes itself; empty for any other. */
  public static Optional<String> deprecated(Volume volume) {
    return DEPRECATED.stream()
        .filter(source -> source.get().apply(volume) != null)
        .map(Source::field)
        .findFirst();
  }

  private static Stream<@Nullable Object> recommended(Volume volume) {
    return RECOMMENDED_SOURCES.stream().map(source -> source.get().apply(volume));
  }
}
