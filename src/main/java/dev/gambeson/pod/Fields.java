package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ImageVolumeSource;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;

/** The fields of a pod that fixes write. */
public final class Fields {
  public static final Field<ObjectMeta, Map<String, String>> ANNOTATIONS =
      new Field<>("annotations", ObjectMeta::getAnnotations, ObjectMeta::setAnnotations);
  public static final Field<ObjectMeta, Map<String, String>> LABELS =
      new Field<>("labels", ObjectMeta::getLabels, ObjectMeta::setLabels);

  public static final ObjectField<PodSpec, Affinity> AFFINITY =
      new ObjectField<>("affinity", PodSpec::getAffinity, PodSpec::setAffinity, Affinity::new);
  public static final Field<PodSpec, Boolean> AUTOMOUNT_SERVICE_ACCOUNT_TOKEN =
      new Field<>(
          "automountServiceAccountToken",
          PodSpec::getAutomountServiceAccountToken,
          PodSpec::setAutomountServiceAccountToken);
  public static final Field<PodSpec, List<Container>> CONTAINERS =
      new Field<>("containers", PodSpec::getContainers, PodSpec::setContainers);
  public static final Field<PodSpec, List<Container>> INIT_CONTAINERS =
      new Field<>("initContainers", PodSpec::getInitContainers, PodSpec::setInitContainers);
  public static final Field<PodSpec, String> DNS_POLICY =
      new Field<>("dnsPolicy", PodSpec::getDnsPolicy, PodSpec::setDnsPolicy);
  public static final Field<PodSpec, Boolean> ENABLE_SERVICE_LINKS =
      new Field<>(
          "enableServiceLinks", PodSpec::getEnableServiceLinks, PodSpec::setEnableServiceLinks);
  public static final Field<PodSpec, Boolean> HOST_USERS =
      new Field<>("hostUsers", PodSpec::getHostUsers, PodSpec::setHostUsers);
  public static final Field<PodSpec, Map<String, String>> NODE_SELECTOR =
      new Field<>("nodeSelector", PodSpec::getNodeSelector, PodSpec::setNodeSelector);
  public static final Field<PodSpec, String> PREEMPTION_POLICY =
      new Field<>("preemptionPolicy", PodSpec::getPreemptionPolicy, PodSpec::setPreemptionPolicy);
  public static final Field<PodSpec, Integer> PRIORITY =
      new Field<>("priority", PodSpec::getPriority, PodSpec::setPriority);
  public static final Field<PodSpec, String> PRIORITY_CLASS_NAME =
      new Field<>(
          "priorityClassName", PodSpec::getPriorityClassName, PodSpec::setPriorityClassName);
  public static final ObjectField<PodSpec, PodSecurityContext> POD_SECURITY_CONTEXT =
      new ObjectField<>(
          "securityContext",
          PodSpec::getSecurityContext,
          PodSpec::setSecurityContext,
          PodSecurityContext::new);
  public static final Field<PodSpec, Long> TERMINATION_GRACE_PERIOD_SECONDS =
      new Field<>(
          "terminationGracePeriodSeconds",
          PodSpec::getTerminationGracePeriodSeconds,
          PodSpec::setTerminationGracePeriodSeconds);
  public static final Field<PodSpec, List<Toleration>> TOLERATIONS =
      new Field<>("tolerations", PodSpec::getTolerations, PodSpec::setTolerations);
  public static final Field<PodSpec, List<TopologySpreadConstraint>> TOPOLOGY_SPREAD_CONSTRAINTS =
      new Field<>(
          "topologySpreadConstraints",
          PodSpec::getTopologySpreadConstraints,
          PodSpec::setTopologySpreadConstraints);
  public static final Field<PodSpec, List<Volume>> VOLUMES =
      new Field<>("volumes", PodSpec::getVolumes, PodSpec::setVolumes);

  public static final Field<Affinity, PodAntiAffinity> POD_ANTI_AFFINITY =
      new Field<>("podAntiAffinity", Affinity::getPodAntiAffinity, Affinity::setPodAntiAffinity);

  public static final Field<PodSecurityContext, SeccompProfile> POD_SECCOMP_PROFILE =
      new Field<>(
          "seccompProfile",
          PodSecurityContext::getSeccompProfile,
          PodSecurityContext::setSeccompProfile);
  public static final Field<PodSecurityContext, List<Sysctl>> SYSCTLS =
      new Field<>("sysctls", PodSecurityContext::getSysctls, PodSecurityContext::setSysctls);

  public static final Field<Container, List<EnvVar>> ENV =
      new Field<>("env", Container::getEnv, Container::setEnv);
  public static final Field<Container, List<EnvFromSource>> ENV_FROM =
      new Field<>("envFrom", Container::getEnvFrom, Container::setEnvFrom);
  public static final Field<Container, String> IMAGE =
      new Field<>("image", Container::getImage, Container::setImage);
  public static final Field<Container, String> IMAGE_PULL_POLICY =
      new Field<>("imagePullPolicy", Container::getImagePullPolicy, Container::setImagePullPolicy);
  public static final ObjectField<Container, Lifecycle> LIFECYCLE =
      new ObjectField<>(
          "lifecycle", Container::getLifecycle, Container::setLifecycle, Lifecycle::new);
  public static final ObjectField<Container, ResourceRequirements> RESOURCES =
      new ObjectField<>(
          "resources", Container::getResources, Container::setResources, ResourceRequirements::new);
  public static final ObjectField<Container, SecurityContext> SECURITY_CONTEXT =
      new ObjectField<>(
          "securityContext",
          Container::getSecurityContext,
          Container::setSecurityContext,
          SecurityContext::new);
  public static final Field<Container, List<VolumeMount>> VOLUME_MOUNTS =
      new Field<>("volumeMounts", Container::getVolumeMounts, Container::setVolumeMounts);

  public static final Field<Lifecycle, LifecycleHandler> PRE_STOP =
      new Field<>("preStop", Lifecycle::getPreStop, Lifecycle::setPreStop);

  public static final Field<ResourceRequirements, Map<String, Quantity>> LIMITS =
      new Field<>("limits", ResourceRequirements::getLimits, ResourceRequirements::setLimits);
  public static final Field<ResourceRequirements, Map<String, Quantity>> REQUESTS =
      new Field<>("requests", ResourceRequirements::getRequests, ResourceRequirements::setRequests);

  public static final Field<SecurityContext, Boolean> ALLOW_PRIVILEGE_ESCALATION =
      new Field<>(
          "allowPrivilegeEscalation",
          SecurityContext::getAllowPrivilegeEscalation,
          SecurityContext::setAllowPrivilegeEscalation);
  public static final ObjectField<SecurityContext, Capabilities> CAPABILITIES =
      new ObjectField<>(
          "capabilities",
          SecurityContext::getCapabilities,
          SecurityContext::setCapabilities,
          Capabilities::new);
  public static final Field<SecurityContext, Boolean> READ_ONLY_ROOT_FILESYSTEM =
      new Field<>(
          "readOnlyRootFilesystem",
          SecurityContext::getReadOnlyRootFilesystem,
          SecurityContext::setReadOnlyRootFilesystem);
  public static final Field<SecurityContext, Long> RUN_AS_GROUP =
      new Field<>("runAsGroup", SecurityContext::getRunAsGroup, SecurityContext::setRunAsGroup);
  public static final Field<SecurityContext, Boolean> RUN_AS_NON_ROOT =
      new Field<>(
          "runAsNonRoot", SecurityContext::getRunAsNonRoot, SecurityContext::setRunAsNonRoot);
  public static final Field<SecurityContext, Long> RUN_AS_USER =
      new Field<>("runAsUser", SecurityContext::getRunAsUser, SecurityContext::setRunAsUser);
  public static final Field<SecurityContext, SeccompProfile> SECCOMP_PROFILE =
      new Field<>(
          "seccompProfile", SecurityContext::getSeccompProfile, SecurityContext::setSeccompProfile);

  public static final Field<Capabilities, List<String>> DROP =
      new Field<>("drop", Capabilities::getDrop, Capabilities::setDrop);

  public static final ObjectField<Volume, EmptyDirVolumeSource> EMPTY_DIR =
      new ObjectField<>(
          "emptyDir", Volume::getEmptyDir, Volume::setEmptyDir, EmptyDirVolumeSource::new);
  public static final ObjectField<Volume, ImageVolumeSource> VOLUME_IMAGE =
      new ObjectField<>("image", Volume::getImage, Volume::setImage, ImageVolumeSource::new);

  public static final Field<EmptyDirVolumeSource, Quantity> SIZE_LIMIT =
      new Field<>(
          "sizeLimit", EmptyDirVolumeSource::getSizeLimit, EmptyDirVolumeSource::setSizeLimit);

  public static final Field<ImageVolumeSource, String> PULL_POLICY =
      new Field<>("pullPolicy", ImageVolumeSource::getPullPolicy, ImageVolumeSource::setPullPolicy);
  public static final Field<ImageVolumeSource, String> REFERENCE =
      new Field<>("reference", ImageVolumeSource::getReference, ImageVolumeSource::setReference);

  private Fields() {}
}
