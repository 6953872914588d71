package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the API server writes into the volumes of a pod, and into what refers to its fields. */
final class VolumeDefaults {
  private static final int FILE_MODE = 0644;
  private static final long TOKEN_SECONDS = 3600;

  private VolumeDefaults() {}

  static void apply(Volume volume) {
    if (volume.equals(new VolumeBuilder().withName(volume.getName()).build())) {
      volume.setEmptyDir(new EmptyDirVolumeSource());
    }
    files(volume);
    storage(volume);
    var hostPath = volume.getHostPath();
    if (hostPath != null) {
      fill(hostPath.getType(), hostPath::setType, "");
    }
    var image = volume.getImage();
    if (image != null) {
      fill(
          image.getPullPolicy(),
          image::setPullPolicy,
          PodDefaults.pullPolicy(image.getReference()));
    }
    var ephemeral = volume.getEphemeral();
    if (ephemeral != null && ephemeral.getVolumeClaimTemplate() != null) {
      var claim = ephemeral.getVolumeClaimTemplate().getSpec();
      if (claim != null) {
        fill(claim.getVolumeMode(), claim::setVolumeMode, "Filesystem");
      }
    }
  }

  /** Volumes that the kubelet fills with files. */
  private static void files(Volume volume) {
    var secret = volume.getSecret();
    if (secret != null) {
      fill(secret.getDefaultMode(), secret::setDefaultMode, FILE_MODE);
    }
    var configMap = volume.getConfigMap();
    if (configMap != null) {
      fill(configMap.getDefaultMode(), configMap::setDefaultMode, FILE_MODE);
    }
    var downwardApi = volume.getDownwardAPI();
    if (downwardApi != null) {
      fill(downwardApi.getDefaultMode(), downwardApi::setDefaultMode, FILE_MODE);
      items(downwardApi.getItems());
    }
    var projected = volume.getProjected();
    if (projected != null) {
      fill(projected.getDefaultMode(), projected::setDefaultMode, FILE_MODE);
      projected.getSources().forEach(VolumeDefaults::source);
    }
  }

  /** Volumes of single clouds and storage systems. */
  private static void storage(Volume volume) {
    var ebs = volume.getAwsElasticBlockStore();
    if (ebs != null) {
      fill(ebs.getPartition(), ebs::setPartition, 0);
    }
    var gcePersistentDisk = volume.getGcePersistentDisk();
    if (gcePersistentDisk != null) {
      fill(gcePersistentDisk.getPartition(), gcePersistentDisk::setPartition, 0);
    }
    var azureDisk = volume.getAzureDisk();
    if (azureDisk != null) {
      fill(azureDisk.getCachingMode(), azureDisk::setCachingMode, "ReadWrite");
      fill(azureDisk.getKind(), azureDisk::setKind, "Shared");
      fill(azureDisk.getFsType(), azureDisk::setFsType, "ext4");
      fill(azureDisk.getReadOnly(), azureDisk::setReadOnly, false);
    }
    var iscsi = volume.getIscsi();
    if (iscsi != null) {
      fill(iscsi.getIscsiInterface(), iscsi::setIscsiInterface, "default");
      fill(iscsi.getLun(), iscsi::setLun, 0);
    }
    var rbd = volume.getRbd();
    if (rbd != null) {
      fill(rbd.getPool(), rbd::setPool, "rbd");
      fill(rbd.getUser(), rbd::setUser, "admin");
      fill(rbd.getKeyring(), rbd::setKeyring, "/etc/ceph/keyring");
    }
    var scaleIo = volume.getScaleIO();
    if (scaleIo != null) {
      fill(scaleIo.getStorageMode(), scaleIo::setStorageMode, "ThinProvisioned");
      fill(scaleIo.getFsType(), scaleIo::setFsType, "xfs");
    }
  }

  /** The version in which the path of a field is meant. */
  static void field(@Nullable ObjectFieldSelector selector) {
    if (selector != null) {
      fill(selector.getApiVersion(), selector::setApiVersion, "v1");
    }
  }

  static void resource(@Nullable ResourceFieldSelector selector) {
    if (selector != null) {
      fill(selector.getDivisor(), selector::setDivisor, new Quantity("0"));
    }
  }

  private static void source(VolumeProjection source) {
    var token = source.getServiceAccountToken();
    if (token != null) {
      fill(token.getExpirationSeconds(), token::setExpirationSeconds, TOKEN_SECONDS);
    }
    if (source.getDownwardAPI() != null) {
      items(source.getDownwardAPI().getItems());
    }
  }

  private static void items(List<DownwardAPIVolumeFile> items) {
    for (var item : items) {
      field(item.getFieldRef());
      resource(item.getResourceFieldRef());
    }
  }

  static <T> void fill(@Nullable T present, Consumer<T> set, @Nullable T content) {
    if (content != null && (present == null || "".equals(present))) {
      set.accept(content);
    }
  }
}
