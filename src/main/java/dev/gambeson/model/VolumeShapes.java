package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.DownwardAPIProjection;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EphemeralVolumeSource;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.NFSVolumeSource;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;

/** The volumes of a pod. */
final class VolumeShapes {
  static final Shape<KeyToPath> KEY_TO_PATH =
      new Shape<>(KeyToPath::new)
          .text("key", KeyToPath::setKey)
          .integer("mode", KeyToPath::setMode)
          .text("path", KeyToPath::setPath);

  static final Shape<ObjectFieldSelector> OBJECT_FIELD_SELECTOR =
      new Shape<>(ObjectFieldSelector::new)
          .text("apiVersion", ObjectFieldSelector::setApiVersion)
          .text("fieldPath", ObjectFieldSelector::setFieldPath);

  static final Shape<DownwardAPIVolumeFile> DOWNWARD_API_VOLUME_FILE =
      new Shape<>(DownwardAPIVolumeFile::new)
          .with("fieldRef", OBJECT_FIELD_SELECTOR, DownwardAPIVolumeFile::setFieldRef)
          .integer("mode", DownwardAPIVolumeFile::setMode)
          .text("path", DownwardAPIVolumeFile::setPath)
          .with(
              "resourceFieldRef",
              ContainerShapes.RESOURCE_FIELD_SELECTOR,
              DownwardAPIVolumeFile::setResourceFieldRef);

  static final Shape<ConfigMapProjection> CONFIG_MAP_PROJECTION =
      new Shape<>(ConfigMapProjection::new)
          .list("items", KEY_TO_PATH, ConfigMapProjection::setItems)
          .text("name", ConfigMapProjection::setName)
          .truth("optional", ConfigMapProjection::setOptional);

  static final Shape<SecretProjection> SECRET_PROJECTION =
      new Shape<>(SecretProjection::new)
          .list("items", KEY_TO_PATH, SecretProjection::setItems)
          .text("name", SecretProjection::setName)
          .truth("optional", SecretProjection::setOptional);

  static final Shape<DownwardAPIProjection> DOWNWARD_API_PROJECTION =
      new Shape<>(DownwardAPIProjection::new)
          .list("items", DOWNWARD_API_VOLUME_FILE, DownwardAPIProjection::setItems);

  static final Shape<ServiceAccountTokenProjection> SERVICE_ACCOUNT_TOKEN_PROJECTION =
      new Shape<>(ServiceAccountTokenProjection::new)
          .text("audience", ServiceAccountTokenProjection::setAudience)
          .longInteger("expirationSeconds", ServiceAccountTokenProjection::setExpirationSeconds)
          .text("path", ServiceAccountTokenProjection::setPath);

  static final Shape<VolumeProjection> VOLUME_PROJECTION =
      new Shape<>(VolumeProjection::new)
          .with("configMap", CONFIG_MAP_PROJECTION, VolumeProjection::setConfigMap)
          .with("downwardAPI", DOWNWARD_API_PROJECTION, VolumeProjection::setDownwardAPI)
          .with("secret", SECRET_PROJECTION, VolumeProjection::setSecret)
          .with(
              "serviceAccountToken",
              SERVICE_ACCOUNT_TOKEN_PROJECTION,
              VolumeProjection::setServiceAccountToken);

  static final Shape<ConfigMapVolumeSource> CONFIG_MAP_VOLUME_SOURCE =
      new Shape<>(ConfigMapVolumeSource::new)
          .integer("defaultMode", ConfigMapVolumeSource::setDefaultMode)
          .list("items", KEY_TO_PATH, ConfigMapVolumeSource::setItems)
          .text("name", ConfigMapVolumeSource::setName)
          .truth("optional", ConfigMapVolumeSource::setOptional);

  static final Shape<SecretVolumeSource> SECRET_VOLUME_SOURCE =
      new Shape<>(SecretVolumeSource::new)
          .integer("defaultMode", SecretVolumeSource::setDefaultMode)
          .list("items", KEY_TO_PATH, SecretVolumeSource::setItems)
          .truth("optional", SecretVolumeSource::setOptional)
          .text("secretName", SecretVolumeSource::setSecretName);

  static final Shape<EmptyDirVolumeSource> EMPTY_DIR_VOLUME_SOURCE =
      new Shape<>(EmptyDirVolumeSource::new)
          .text("medium", EmptyDirVolumeSource::setMedium)
          .with("sizeLimit", ValueReader.QUANTITY, EmptyDirVolumeSource::setSizeLimit);

  static final Shape<ProjectedVolumeSource> PROJECTED_VOLUME_SOURCE =
      new Shape<>(ProjectedVolumeSource::new)
          .integer("defaultMode", ProjectedVolumeSource::setDefaultMode)
          .list("sources", VOLUME_PROJECTION, ProjectedVolumeSource::setSources);

  static final Shape<DownwardAPIVolumeSource> DOWNWARD_API_VOLUME_SOURCE =
      new Shape<>(DownwardAPIVolumeSource::new)
          .integer("defaultMode", DownwardAPIVolumeSource::setDefaultMode)
          .list("items", DOWNWARD_API_VOLUME_FILE, DownwardAPIVolumeSource::setItems);

  static final Shape<HostPathVolumeSource> HOST_PATH_VOLUME_SOURCE =
      new Shape<>(HostPathVolumeSource::new)
          .text("path", HostPathVolumeSource::setPath)
          .text("type", HostPathVolumeSource::setType);

  static final Shape<PersistentVolumeClaimVolumeSource> PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE =
      new Shape<>(PersistentVolumeClaimVolumeSource::new)
          .text("claimName", PersistentVolumeClaimVolumeSource::setClaimName)
          .truth("readOnly", PersistentVolumeClaimVolumeSource::setReadOnly);

  static final Shape<Volume> VOLUME =
      new Shape<>(Volume::new)
          .with("configMap", CONFIG_MAP_VOLUME_SOURCE, Volume::setConfigMap)
          .rare("csi", CSIVolumeSource.class, Volume::setCsi)
          .with("downwardAPI", DOWNWARD_API_VOLUME_SOURCE, Volume::setDownwardAPI)
          .with("emptyDir", EMPTY_DIR_VOLUME_SOURCE, Volume::setEmptyDir)
          .rare("ephemeral", EphemeralVolumeSource.class, Volume::setEphemeral)
          .with("hostPath", HOST_PATH_VOLUME_SOURCE, Volume::setHostPath)
          .text("name", Volume::setName)
          .rare("nfs", NFSVolumeSource.class, Volume::setNfs)
          .with(
              "persistentVolumeClaim",
              PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE,
              Volume::setPersistentVolumeClaim)
          .with("projected", PROJECTED_VOLUME_SOURCE, Volume::setProjected)
          .with("secret", SECRET_VOLUME_SOURCE, Volume::setSecret);

  private VolumeShapes() {}
}
