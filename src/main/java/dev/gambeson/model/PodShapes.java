package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodExtendedResourceClaimStatus;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodOS;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.WindowsSecurityContextOptions;

/** A pod, and what is its own. */
final class PodShapes {
  static final Shape<LocalObjectReference> LOCAL_OBJECT_REFERENCE =
      new Shape<>(
              LocalObjectReference.class,
              LocalObjectReference::new,
              LocalObjectReference::getAdditionalProperties)
          .text("name", LocalObjectReference::getName, LocalObjectReference::setName);

  static final Shape<PodSecurityContext> POD_SECURITY_CONTEXT =
      new Shape<>(
              PodSecurityContext.class,
              PodSecurityContext::new,
              PodSecurityContext::getAdditionalProperties)
          .with(
              "appArmorProfile",
              Value.rare(AppArmorProfile.class),
              PodSecurityContext::getAppArmorProfile,
              PodSecurityContext::setAppArmorProfile)
          .longInteger("fsGroup", PodSecurityContext::getFsGroup, PodSecurityContext::setFsGroup)
          .text(
              "fsGroupChangePolicy",
              PodSecurityContext::getFsGroupChangePolicy,
              PodSecurityContext::setFsGroupChangePolicy)
          .longInteger(
              "runAsGroup", PodSecurityContext::getRunAsGroup, PodSecurityContext::setRunAsGroup)
          .truth(
              "runAsNonRoot",
              PodSecurityContext::getRunAsNonRoot,
              PodSecurityContext::setRunAsNonRoot)
          .longInteger(
              "runAsUser", PodSecurityContext::getRunAsUser, PodSecurityContext::setRunAsUser)
          .text(
              "seLinuxChangePolicy",
              PodSecurityContext::getSeLinuxChangePolicy,
              PodSecurityContext::setSeLinuxChangePolicy)
          .with(
              "seLinuxOptions",
              Value.rare(SELinuxOptions.class),
              PodSecurityContext::getSeLinuxOptions,
              PodSecurityContext::setSeLinuxOptions)
          .with(
              "seccompProfile",
              ContainerShapes.SECCOMP_PROFILE,
              PodSecurityContext::getSeccompProfile,
              PodSecurityContext::setSeccompProfile)
          .list(
              "supplementalGroups",
              Value.LONG,
              PodSecurityContext::getSupplementalGroups,
              PodSecurityContext::setSupplementalGroups)
          .text(
              "supplementalGroupsPolicy",
              PodSecurityContext::getSupplementalGroupsPolicy,
              PodSecurityContext::setSupplementalGroupsPolicy)
          .list(
              "sysctls",
              Value.rare(Sysctl.class),
              PodSecurityContext::getSysctls,
              PodSecurityContext::setSysctls)
          .with(
              "windowsOptions",
              Value.rare(WindowsSecurityContextOptions.class),
              PodSecurityContext::getWindowsOptions,
              PodSecurityContext::setWindowsOptions);

  static final Shape<PodSpec> POD_SPEC =
      new Shape<>(PodSpec.class, PodSpec::new, PodSpec::getAdditionalProperties)
          .longInteger(
              "activeDeadlineSeconds",
              PodSpec::getActiveDeadlineSeconds,
              PodSpec::setActiveDeadlineSeconds)
          .with("affinity", SelectorShapes.AFFINITY, PodSpec::getAffinity, PodSpec::setAffinity)
          .truth(
              "automountServiceAccountToken",
              PodSpec::getAutomountServiceAccountToken,
              PodSpec::setAutomountServiceAccountToken)
          .list(
              "containers",
              ContainerShapes.CONTAINER,
              PodSpec::getContainers,
              PodSpec::setContainers)
          .with(
              "dnsConfig",
              Value.rare(PodDNSConfig.class),
              PodSpec::getDnsConfig,
              PodSpec::setDnsConfig)
          .text("dnsPolicy", PodSpec::getDnsPolicy, PodSpec::setDnsPolicy)
          .truth(
              "enableServiceLinks", PodSpec::getEnableServiceLinks, PodSpec::setEnableServiceLinks)
          .list(
              "hostAliases",
              Value.rare(HostAlias.class),
              PodSpec::getHostAliases,
              PodSpec::setHostAliases)
          .truth("hostIPC", PodSpec::getHostIPC, PodSpec::setHostIPC)
          .truth("hostNetwork", PodSpec::getHostNetwork, PodSpec::setHostNetwork)
          .truth("hostPID", PodSpec::getHostPID, PodSpec::setHostPID)
          .truth("hostUsers", PodSpec::getHostUsers, PodSpec::setHostUsers)
          .text("hostname", PodSpec::getHostname, PodSpec::setHostname)
          .text("hostnameOverride", PodSpec::getHostnameOverride, PodSpec::setHostnameOverride)
          .list(
              "imagePullSecrets",
              LOCAL_OBJECT_REFERENCE,
              PodSpec::getImagePullSecrets,
              PodSpec::setImagePullSecrets)
          .list(
              "initContainers",
              ContainerShapes.CONTAINER,
              PodSpec::getInitContainers,
              PodSpec::setInitContainers)
          .text("nodeName", PodSpec::getNodeName, PodSpec::setNodeName)
          .map("nodeSelector", Value.TEXT, PodSpec::getNodeSelector, PodSpec::setNodeSelector)
          .with("os", Value.rare(PodOS.class), PodSpec::getOs, PodSpec::setOs)
          .map("overhead", Value.QUANTITY, PodSpec::getOverhead, PodSpec::setOverhead)
          .text("preemptionPolicy", PodSpec::getPreemptionPolicy, PodSpec::setPreemptionPolicy)
          .integer("priority", PodSpec::getPriority, PodSpec::setPriority)
          .text("priorityClassName", PodSpec::getPriorityClassName, PodSpec::setPriorityClassName)
          .list(
              "readinessGates",
              Value.rare(PodReadinessGate.class),
              PodSpec::getReadinessGates,
              PodSpec::setReadinessGates)
          .with(
              "resources",
              ContainerShapes.RESOURCE_REQUIREMENTS,
              PodSpec::getResources,
              PodSpec::setResources)
          .text("restartPolicy", PodSpec::getRestartPolicy, PodSpec::setRestartPolicy)
          .text("runtimeClassName", PodSpec::getRuntimeClassName, PodSpec::setRuntimeClassName)
          .text("schedulerName", PodSpec::getSchedulerName, PodSpec::setSchedulerName)
          .with(
              "securityContext",
              POD_SECURITY_CONTEXT,
              PodSpec::getSecurityContext,
              PodSpec::setSecurityContext)
          .text("serviceAccount", PodSpec::getServiceAccount, PodSpec::setServiceAccount)
          .text(
              "serviceAccountName", PodSpec::getServiceAccountName, PodSpec::setServiceAccountName)
          .truth("setHostnameAsFQDN", PodSpec::getSetHostnameAsFQDN, PodSpec::setSetHostnameAsFQDN)
          .truth(
              "shareProcessNamespace",
              PodSpec::getShareProcessNamespace,
              PodSpec::setShareProcessNamespace)
          .text("subdomain", PodSpec::getSubdomain, PodSpec::setSubdomain)
          .longInteger(
              "terminationGracePeriodSeconds",
              PodSpec::getTerminationGracePeriodSeconds,
              PodSpec::setTerminationGracePeriodSeconds)
          .list(
              "tolerations",
              SelectorShapes.TOLERATION,
              PodSpec::getTolerations,
              PodSpec::setTolerations)
          .list(
              "topologySpreadConstraints",
              SelectorShapes.TOPOLOGY_SPREAD_CONSTRAINT,
              PodSpec::getTopologySpreadConstraints,
              PodSpec::setTopologySpreadConstraints)
          .list("volumes", VolumeShapes.VOLUME, PodSpec::getVolumes, PodSpec::setVolumes);

  /** A new pod has the phase and the class; one that was copied has them all. */
  static final Shape<PodStatus> POD_STATUS =
      new Shape<>(PodStatus.class, PodStatus::new, PodStatus::getAdditionalProperties)
          .map(
              "allocatedResources",
              Value.QUANTITY,
              PodStatus::getAllocatedResources,
              PodStatus::setAllocatedResources)
          .list(
              "conditions",
              Value.rare(PodCondition.class),
              PodStatus::getConditions,
              PodStatus::setConditions)
          .skipped("containerStatuses")
          .skipped("ephemeralContainerStatuses")
          .with(
              "extendedResourceClaimStatus",
              Value.rare(PodExtendedResourceClaimStatus.class),
              PodStatus::getExtendedResourceClaimStatus,
              PodStatus::setExtendedResourceClaimStatus)
          .text("hostIP", PodStatus::getHostIP, PodStatus::setHostIP)
          .list("hostIPs", Value.rare(HostIP.class), PodStatus::getHostIPs, PodStatus::setHostIPs)
          .skipped("initContainerStatuses")
          .text("message", PodStatus::getMessage, PodStatus::setMessage)
          .text(
              "nominatedNodeName", PodStatus::getNominatedNodeName, PodStatus::setNominatedNodeName)
          .longInteger(
              "observedGeneration",
              PodStatus::getObservedGeneration,
              PodStatus::setObservedGeneration)
          .text("phase", PodStatus::getPhase, PodStatus::setPhase)
          .text("podIP", PodStatus::getPodIP, PodStatus::setPodIP)
          .list("podIPs", Value.rare(PodIP.class), PodStatus::getPodIPs, PodStatus::setPodIPs)
          .text("qosClass", PodStatus::getQosClass, PodStatus::setQosClass)
          .text("reason", PodStatus::getReason, PodStatus::setReason)
          .text("resize", PodStatus::getResize, PodStatus::setResize)
          .skipped("resourceClaimStatuses")
          .with(
              "resources",
              ContainerShapes.RESOURCE_REQUIREMENTS,
              PodStatus::getResources,
              PodStatus::setResources)
          .text("startTime", PodStatus::getStartTime, PodStatus::setStartTime);

  static final Shape<Pod> POD =
      new Shape<>(Pod.class, Pod::new, Pod::getAdditionalProperties)
          .text("apiVersion", Pod::getApiVersion, Pod::setApiVersion)
          .text("kind", Pod::getKind, Pod::setKind)
          .with("metadata", MetadataShapes.OBJECT_META, Pod::getMetadata, Pod::setMetadata)
          .with("spec", POD_SPEC, Pod::getSpec, Pod::setSpec)
          .with("status", POD_STATUS, Pod::getStatus, Pod::setStatus);

  private PodShapes() {}
}
