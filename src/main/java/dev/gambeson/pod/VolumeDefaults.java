package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API server writes into the volumes of a pod. The drivers of single clouds and storage
 * systems are left out.
 */
final class VolumeDefaults {
  private static final int FILE_MODE = 0644;
  private static final long TOKEN_SECONDS = 3600;

  private VolumeDefaults() {}

  static void apply(Volume volume) {
    if (volume.equals(new VolumeBuilder().withName(volume.getName()).build())) {
      volume.setEmptyDir(new EmptyDirVolumeSource());
    }
    var hostPath = volume.getHostPath();
    if (hostPath != null && hostPath.getType() == null) {
      hostPath.setType("");
    }
    var secret = volume.getSecret();
    if (secret != null && secret.getDefaultMode() == null) {
      secret.setDefaultMode(FILE_MODE);
    }
    var configMap = volume.getConfigMap();
    if (configMap != null && configMap.getDefaultMode() == null) {
      configMap.setDefaultMode(FILE_MODE);
    }
    var image = volume.getImage();
    if (image != null && isEmpty(image.getPullPolicy())) {
      image.setPullPolicy(PodDefaults.pullPolicy(image.getReference()));
    }
    var downwardApi = volume.getDownwardAPI();
    if (downwardApi != null) {
      if (downwardApi.getDefaultMode() == null) {
        downwardApi.setDefaultMode(FILE_MODE);
      }
      files(downwardApi.getItems());
    }
    var projected = volume.getProjected();
    if (projected != null) {
      if (projected.getDefaultMode() == null) {
        projected.setDefaultMode(FILE_MODE);
      }
      projected.getSources().forEach(VolumeDefaults::source);
    }
  }

  /** The version in which the path of a field is meant. */
  static void field(@Nullable ObjectFieldSelector selector) {
    if (selector != null && isEmpty(selector.getApiVersion())) {
      selector.setApiVersion("v1");
    }
  }

  private static void source(VolumeProjection source) {
    var token = source.getServiceAccountToken();
    if (token != null && token.getExpirationSeconds() == null) {
      token.setExpirationSeconds(TOKEN_SECONDS);
    }
    if (source.getDownwardAPI() != null) {
      files(source.getDownwardAPI().getItems());
    }
  }

  private static void files(List<DownwardAPIVolumeFile> files) {
    files.forEach(file -> field(file.getFieldRef()));
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
