package dev.gambeson.rules;

import static dev.gambeson.rules.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Refuses volumes whose driver is part of Kubernetes itself: an administrator should define storage, as persistent volumes.

    **Field:** `spec.volumes[*]`. **Allowed:** `configMap`, `csi`, `downwardAPI`, `emptyDir`, `ephemeral`, `image`, `persistentVolumeClaim`, `projected`,
    `secret`. `hostPath` is left to `HostPathVolumes`.

    **Standard:** Pod Security "restricted", every version.
    """)
record VolumeTypes() implements Rule.Check {

  private record Type(String field, Function<Volume, @Nullable Object> source) {}

  private static final List<Type> REFUSED =
      List.of(
          new Type("awsElasticBlockStore", Volume::getAwsElasticBlockStore),
          new Type("azureDisk", Volume::getAzureDisk),
          new Type("azureFile", Volume::getAzureFile),
          new Type("cephfs", Volume::getCephfs),
          new Type("cinder", Volume::getCinder),
          new Type("fc", Volume::getFc),
          new Type("flexVolume", Volume::getFlexVolume),
          new Type("flocker", Volume::getFlocker),
          new Type("gcePersistentDisk", Volume::getGcePersistentDisk),
          new Type("gitRepo", Volume::getGitRepo),
          new Type("glusterfs", Volume::getGlusterfs),
          new Type("iscsi", Volume::getIscsi),
          new Type("nfs", Volume::getNfs),
          new Type("photonPersistentDisk", Volume::getPhotonPersistentDisk),
          new Type("portworxVolume", Volume::getPortworxVolume),
          new Type("quobyte", Volume::getQuobyte),
          new Type("rbd", Volume::getRbd),
          new Type("scaleIO", Volume::getScaleIO),
          new Type("storageos", Volume::getStorageos),
          new Type("vsphereVolume", Volume::getVsphereVolume));

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(RESTRICTED);
  }

  @Override
  public String atRisk() {
    return "it needs the volume";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var volumes = pod.getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      if (!isAllowed(volume) && volume.getHostPath() == null) {
        violations
            .at(FieldPath.of("spec", "volumes", i))
            .level(RESTRICTED)
            .found(type(volume) + " in volume \"" + volume.getName() + "\"")
            .wanted("a persistentVolumeClaim or another type that Pod Security restricted allows")
            .remedy(Removal.ELEMENT);
      }
    }
  }

  /** How many sources the volume has: API validation takes just one. */
  static long sources(Volume volume) {
    var others = REFUSED.stream().map(type -> type.source().apply(volume));
    return Stream.of(allowed(volume), others, Stream.of(volume).map(Volume::getHostPath))
        .flatMap(sources -> sources)
        .filter(Objects::nonNull)
        .count();
  }

  private static boolean isAllowed(Volume volume) {
    return allowed(volume).anyMatch(Objects::nonNull);
  }

  private static Stream<@Nullable Object> allowed(Volume volume) {
    return Stream.of(
        volume.getConfigMap(),
        volume.getCsi(),
        volume.getDownwardAPI(),
        volume.getEmptyDir(),
        volume.getEphemeral(),
        volume.getImage(),
        volume.getPersistentVolumeClaim(),
        volume.getProjected(),
        volume.getSecret());
  }

  private static String type(Volume volume) {
    return REFUSED.stream()
        .filter(type -> type.source.apply(volume) != null)
        .map(Type::field)
        .findFirst()
        .orElse("an unknown type");
  }
}
