package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.AWSElasticBlockStoreVolumeSource;
import io.fabric8.kubernetes.api.model.AzureDiskVolumeSource;
import io.fabric8.kubernetes.api.model.AzureFileVolumeSource;
import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.CephFSVolumeSource;
import io.fabric8.kubernetes.api.model.CinderVolumeSource;
import io.fabric8.kubernetes.api.model.ClusterTrustBundleProjection;
import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.DownwardAPIProjection;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EphemeralVolumeSource;
import io.fabric8.kubernetes.api.model.FCVolumeSource;
import io.fabric8.kubernetes.api.model.FlexVolumeSource;
import io.fabric8.kubernetes.api.model.FlockerVolumeSource;
import io.fabric8.kubernetes.api.model.GCEPersistentDiskVolumeSource;
import io.fabric8.kubernetes.api.model.GitRepoVolumeSource;
import io.fabric8.kubernetes.api.model.GlusterfsVolumeSource;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.ISCSIVolumeSource;
import io.fabric8.kubernetes.api.model.ImageVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.NFSVolumeSource;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.PhotonPersistentDiskVolumeSource;
import io.fabric8.kubernetes.api.model.PodCertificateProjection;
import io.fabric8.kubernetes.api.model.PortworxVolumeSource;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.QuobyteVolumeSource;
import io.fabric8.kubernetes.api.model.RBDVolumeSource;
import io.fabric8.kubernetes.api.model.ScaleIOVolumeSource;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.StorageOSVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VsphereVirtualDiskVolumeSource;

/** The volumes of a pod. */
final class VolumeShapes {
  static final Shape<KeyToPath> KEY_TO_PATH =
      new Shape<>(KeyToPath.class, KeyToPath::new, KeyToPath::getAdditionalProperties)
          .text("key", KeyToPath::getKey, KeyToPath::setKey)
          .integer("mode", KeyToPath::getMode, KeyToPath::setMode)
          .text("path", KeyToPath::getPath, KeyToPath::setPath);

  static final Shape<ObjectFieldSelector> OBJECT_FIELD_SELECTOR =
      new Shape<>(
              ObjectFieldSelector.class,
              ObjectFieldSelector::new,
              ObjectFieldSelector::getAdditionalProperties)
          .text(
              "apiVersion", ObjectFieldSelector::getApiVersion, ObjectFieldSelector::setApiVersion)
          .text("fieldPath", ObjectFieldSelector::getFieldPath, ObjectFieldSelector::setFieldPath);

  static final Shape<DownwardAPIVolumeFile> DOWNWARD_API_VOLUME_FILE =
      new Shape<>(
              DownwardAPIVolumeFile.class,
              DownwardAPIVolumeFile::new,
              DownwardAPIVolumeFile::getAdditionalProperties)
          .with(
              "fieldRef",
              OBJECT_FIELD_SELECTOR,
              DownwardAPIVolumeFile::getFieldRef,
              DownwardAPIVolumeFile::setFieldRef)
          .integer("mode", DownwardAPIVolumeFile::getMode, DownwardAPIVolumeFile::setMode)
          .text("path", DownwardAPIVolumeFile::getPath, DownwardAPIVolumeFile::setPath)
          .with(
              "resourceFieldRef",
              ContainerShapes.RESOURCE_FIELD_SELECTOR,
              DownwardAPIVolumeFile::getResourceFieldRef,
              DownwardAPIVolumeFile::setResourceFieldRef);

  static final Shape<ConfigMapProjection> CONFIG_MAP_PROJECTION =
      new Shape<>(
              ConfigMapProjection.class,
              ConfigMapProjection::new,
              ConfigMapProjection::getAdditionalProperties)
          .list("items", KEY_TO_PATH, ConfigMapProjection::getItems, ConfigMapProjection::setItems)
          .text("name", ConfigMapProjection::getName, ConfigMapProjection::setName)
          .truth("optional", ConfigMapProjection::getOptional, ConfigMapProjection::setOptional);

  static final Shape<SecretProjection> SECRET_PROJECTION =
      new Shape<>(
              SecretProjection.class,
              SecretProjection::new,
              SecretProjection::getAdditionalProperties)
          .list("items", KEY_TO_PATH, SecretProjection::getItems, SecretProjection::setItems)
          .text("name", SecretProjection::getName, SecretProjection::setName)
          .truth("optional", SecretProjection::getOptional, SecretProjection::setOptional);

  static final Shape<DownwardAPIProjection> DOWNWARD_API_PROJECTION =
      new Shape<>(
              DownwardAPIProjection.class,
              DownwardAPIProjection::new,
              DownwardAPIProjection::getAdditionalProperties)
          .list(
              "items",
              DOWNWARD_API_VOLUME_FILE,
              DownwardAPIProjection::getItems,
              DownwardAPIProjection::setItems);

  static final Shape<ServiceAccountTokenProjection> SERVICE_ACCOUNT_TOKEN_PROJECTION =
      new Shape<>(
              ServiceAccountTokenProjection.class,
              ServiceAccountTokenProjection::new,
              ServiceAccountTokenProjection::getAdditionalProperties)
          .text(
              "audience",
              ServiceAccountTokenProjection::getAudience,
              ServiceAccountTokenProjection::setAudience)
          .longInteger(
              "expirationSeconds",
              ServiceAccountTokenProjection::getExpirationSeconds,
              ServiceAccountTokenProjection::setExpirationSeconds)
          .text(
              "path",
              ServiceAccountTokenProjection::getPath,
              ServiceAccountTokenProjection::setPath);

  static final Shape<VolumeProjection> VOLUME_PROJECTION =
      new Shape<>(
              VolumeProjection.class,
              VolumeProjection::new,
              VolumeProjection::getAdditionalProperties)
          .with(
              "clusterTrustBundle",
              Value.rare(ClusterTrustBundleProjection.class),
              VolumeProjection::getClusterTrustBundle,
              VolumeProjection::setClusterTrustBundle)
          .with(
              "configMap",
              CONFIG_MAP_PROJECTION,
              VolumeProjection::getConfigMap,
              VolumeProjection::setConfigMap)
          .with(
              "downwardAPI",
              DOWNWARD_API_PROJECTION,
              VolumeProjection::getDownwardAPI,
              VolumeProjection::setDownwardAPI)
          .with(
              "podCertificate",
              Value.rare(PodCertificateProjection.class),
              VolumeProjection::getPodCertificate,
              VolumeProjection::setPodCertificate)
          .with(
              "secret", SECRET_PROJECTION, VolumeProjection::getSecret, VolumeProjection::setSecret)
          .with(
              "serviceAccountToken",
              SERVICE_ACCOUNT_TOKEN_PROJECTION,
              VolumeProjection::getServiceAccountToken,
              VolumeProjection::setServiceAccountToken);

  static final Shape<ConfigMapVolumeSource> CONFIG_MAP_VOLUME_SOURCE =
      new Shape<>(
              ConfigMapVolumeSource.class,
              ConfigMapVolumeSource::new,
              ConfigMapVolumeSource::getAdditionalProperties)
          .integer(
              "defaultMode",
              ConfigMapVolumeSource::getDefaultMode,
              ConfigMapVolumeSource::setDefaultMode)
          .list(
              "items",
              KEY_TO_PATH,
              ConfigMapVolumeSource::getItems,
              ConfigMapVolumeSource::setItems)
          .text("name", ConfigMapVolumeSource::getName, ConfigMapVolumeSource::setName)
          .truth(
              "optional", ConfigMapVolumeSource::getOptional, ConfigMapVolumeSource::setOptional);

  static final Shape<SecretVolumeSource> SECRET_VOLUME_SOURCE =
      new Shape<>(
              SecretVolumeSource.class,
              SecretVolumeSource::new,
              SecretVolumeSource::getAdditionalProperties)
          .integer(
              "defaultMode", SecretVolumeSource::getDefaultMode, SecretVolumeSource::setDefaultMode)
          .list("items", KEY_TO_PATH, SecretVolumeSource::getItems, SecretVolumeSource::setItems)
          .truth("optional", SecretVolumeSource::getOptional, SecretVolumeSource::setOptional)
          .text("secretName", SecretVolumeSource::getSecretName, SecretVolumeSource::setSecretName);

  static final Shape<EmptyDirVolumeSource> EMPTY_DIR_VOLUME_SOURCE =
      new Shape<>(
              EmptyDirVolumeSource.class,
              EmptyDirVolumeSource::new,
              EmptyDirVolumeSource::getAdditionalProperties)
          .text("medium", EmptyDirVolumeSource::getMedium, EmptyDirVolumeSource::setMedium)
          .with(
              "sizeLimit",
              Value.QUANTITY,
              EmptyDirVolumeSource::getSizeLimit,
              EmptyDirVolumeSource::setSizeLimit);

  static final Shape<ProjectedVolumeSource> PROJECTED_VOLUME_SOURCE =
      new Shape<>(
              ProjectedVolumeSource.class,
              ProjectedVolumeSource::new,
              ProjectedVolumeSource::getAdditionalProperties)
          .integer(
              "defaultMode",
              ProjectedVolumeSource::getDefaultMode,
              ProjectedVolumeSource::setDefaultMode)
          .list(
              "sources",
              VOLUME_PROJECTION,
              ProjectedVolumeSource::getSources,
              ProjectedVolumeSource::setSources);

  static final Shape<DownwardAPIVolumeSource> DOWNWARD_API_VOLUME_SOURCE =
      new Shape<>(
              DownwardAPIVolumeSource.class,
              DownwardAPIVolumeSource::new,
              DownwardAPIVolumeSource::getAdditionalProperties)
          .integer(
              "defaultMode",
              DownwardAPIVolumeSource::getDefaultMode,
              DownwardAPIVolumeSource::setDefaultMode)
          .list(
              "items",
              DOWNWARD_API_VOLUME_FILE,
              DownwardAPIVolumeSource::getItems,
              DownwardAPIVolumeSource::setItems);

  static final Shape<HostPathVolumeSource> HOST_PATH_VOLUME_SOURCE =
      new Shape<>(
              HostPathVolumeSource.class,
              HostPathVolumeSource::new,
              HostPathVolumeSource::getAdditionalProperties)
          .text("path", HostPathVolumeSource::getPath, HostPathVolumeSource::setPath)
          .text("type", HostPathVolumeSource::getType, HostPathVolumeSource::setType);

  static final Shape<PersistentVolumeClaimVolumeSource> PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE =
      new Shape<>(
              PersistentVolumeClaimVolumeSource.class,
              PersistentVolumeClaimVolumeSource::new,
              PersistentVolumeClaimVolumeSource::getAdditionalProperties)
          .text(
              "claimName",
              PersistentVolumeClaimVolumeSource::getClaimName,
              PersistentVolumeClaimVolumeSource::setClaimName)
          .truth(
              "readOnly",
              PersistentVolumeClaimVolumeSource::getReadOnly,
              PersistentVolumeClaimVolumeSource::setReadOnly);

  static final Shape<Volume> VOLUME =
      new Shape<>(Volume.class, Volume::new, Volume::getAdditionalProperties)
          .with(
              "awsElasticBlockStore",
              Value.rare(AWSElasticBlockStoreVolumeSource.class),
              Volume::getAwsElasticBlockStore,
              Volume::setAwsElasticBlockStore)
          .with(
              "azureDisk",
              Value.rare(AzureDiskVolumeSource.class),
              Volume::getAzureDisk,
              Volume::setAzureDisk)
          .with(
              "azureFile",
              Value.rare(AzureFileVolumeSource.class),
              Volume::getAzureFile,
              Volume::setAzureFile)
          .with(
              "cephfs", Value.rare(CephFSVolumeSource.class), Volume::getCephfs, Volume::setCephfs)
          .with(
              "cinder", Value.rare(CinderVolumeSource.class), Volume::getCinder, Volume::setCinder)
          .with("configMap", CONFIG_MAP_VOLUME_SOURCE, Volume::getConfigMap, Volume::setConfigMap)
          .with("csi", Value.rare(CSIVolumeSource.class), Volume::getCsi, Volume::setCsi)
          .with(
              "downwardAPI",
              DOWNWARD_API_VOLUME_SOURCE,
              Volume::getDownwardAPI,
              Volume::setDownwardAPI)
          .with("emptyDir", EMPTY_DIR_VOLUME_SOURCE, Volume::getEmptyDir, Volume::setEmptyDir)
          .with(
              "ephemeral",
              Value.rare(EphemeralVolumeSource.class),
              Volume::getEphemeral,
              Volume::setEphemeral)
          .with("fc", Value.rare(FCVolumeSource.class), Volume::getFc, Volume::setFc)
          .with(
              "flexVolume",
              Value.rare(FlexVolumeSource.class),
              Volume::getFlexVolume,
              Volume::setFlexVolume)
          .with(
              "flocker",
              Value.rare(FlockerVolumeSource.class),
              Volume::getFlocker,
              Volume::setFlocker)
          .with(
              "gcePersistentDisk",
              Value.rare(GCEPersistentDiskVolumeSource.class),
              Volume::getGcePersistentDisk,
              Volume::setGcePersistentDisk)
          .with(
              "gitRepo",
              Value.rare(GitRepoVolumeSource.class),
              Volume::getGitRepo,
              Volume::setGitRepo)
          .with(
              "glusterfs",
              Value.rare(GlusterfsVolumeSource.class),
              Volume::getGlusterfs,
              Volume::setGlusterfs)
          .with("hostPath", HOST_PATH_VOLUME_SOURCE, Volume::getHostPath, Volume::setHostPath)
          .with("image", Value.rare(ImageVolumeSource.class), Volume::getImage, Volume::setImage)
          .with("iscsi", Value.rare(ISCSIVolumeSource.class), Volume::getIscsi, Volume::setIscsi)
          .text("name", Volume::getName, Volume::setName)
          .with("nfs", Value.rare(NFSVolumeSource.class), Volume::getNfs, Volume::setNfs)
          .with(
              "persistentVolumeClaim",
              PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE,
              Volume::getPersistentVolumeClaim,
              Volume::setPersistentVolumeClaim)
          .with(
              "photonPersistentDisk",
              Value.rare(PhotonPersistentDiskVolumeSource.class),
              Volume::getPhotonPersistentDisk,
              Volume::setPhotonPersistentDisk)
          .with(
              "portworxVolume",
              Value.rare(PortworxVolumeSource.class),
              Volume::getPortworxVolume,
              Volume::setPortworxVolume)
          .with("projected", PROJECTED_VOLUME_SOURCE, Volume::getProjected, Volume::setProjected)
          .with(
              "quobyte",
              Value.rare(QuobyteVolumeSource.class),
              Volume::getQuobyte,
              Volume::setQuobyte)
          .with("rbd", Value.rare(RBDVolumeSource.class), Volume::getRbd, Volume::setRbd)
          .with(
              "scaleIO",
              Value.rare(ScaleIOVolumeSource.class),
              Volume::getScaleIO,
              Volume::setScaleIO)
          .with("secret", SECRET_VOLUME_SOURCE, Volume::getSecret, Volume::setSecret)
          .with(
              "storageos",
              Value.rare(StorageOSVolumeSource.class),
              Volume::getStorageos,
              Volume::setStorageos)
          .with(
              "vsphereVolume",
              Value.rare(VsphereVirtualDiskVolumeSource.class),
              Volume::getVsphereVolume,
              Volume::setVsphereVolume);

  private VolumeShapes() {}
}
