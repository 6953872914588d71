package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
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
      new Shape<>(LocalObjectReference::new).text("name", LocalObjectReference::setName);

  static final Shape<PodSecurityContext> POD_SECURITY_CONTEXT =
      new Shape<>(PodSecurityContext::new)
          .rare("appArmorProfile", AppArmorProfile.class, PodSecurityContext::setAppArmorProfile)
          .longInteger("fsGroup", PodSecurityContext::setFsGroup)
          .text("fsGroupChangePolicy", PodSecurityContext::setFsGroupChangePolicy)
          .longInteger("runAsGroup", PodSecurityContext::setRunAsGroup)
          .truth("runAsNonRoot", PodSecurityContext::setRunAsNonRoot)
          .longInteger("runAsUser", PodSecurityContext::setRunAsUser)
          .text("seLinuxChangePolicy", PodSecurityContext::setSeLinuxChangePolicy)
          .rare("seLinuxOptions", SELinuxOptions.class, PodSecurityContext::setSeLinuxOptions)
          .with(
              "seccompProfile",
              ContainerShapes.SECCOMP_PROFILE,
              PodSecurityContext::setSeccompProfile)
          .list("supplementalGroups", ValueReader.LONG, PodSecurityContext::setSupplementalGroups)
          .text("supplementalGroupsPolicy", PodSecurityContext::setSupplementalGroupsPolicy)
          .rareList("sysctls", Sysctl.class, PodSecurityContext::setSysctls)
          .rare(
              "windowsOptions",
              WindowsSecurityContextOptions.class,
              PodSecurityContext::setWindowsOptions);

  static final Shape<PodSpec> POD_SPEC =
      new Shape<>(PodSpec::new)
          .longInteger("activeDeadlineSeconds", PodSpec::setActiveDeadlineSeconds)
          .with("affinity", SelectorShapes.AFFINITY, PodSpec::setAffinity)
          .truth("automountServiceAccountToken", PodSpec::setAutomountServiceAccountToken)
          .list("containers", ContainerShapes.CONTAINER, PodSpec::setContainers)
          .rare("dnsConfig", PodDNSConfig.class, PodSpec::setDnsConfig)
          .text("dnsPolicy", PodSpec::setDnsPolicy)
          .truth("enableServiceLinks", PodSpec::setEnableServiceLinks)
          .rareList("hostAliases", HostAlias.class, PodSpec::setHostAliases)
          .truth("hostIPC", PodSpec::setHostIPC)
          .truth("hostNetwork", PodSpec::setHostNetwork)
          .truth("hostPID", PodSpec::setHostPID)
          .truth("hostUsers", PodSpec::setHostUsers)
          .text("hostname", PodSpec::setHostname)
          .text("hostnameOverride", PodSpec::setHostnameOverride)
          .list("imagePullSecrets", LOCAL_OBJECT_REFERENCE, PodSpec::setImagePullSecrets)
          .list("initContainers", ContainerShapes.CONTAINER, PodSpec::setInitContainers)
          .text("nodeName", PodSpec::setNodeName)
          .map("nodeSelector", ValueReader.TEXT, PodSpec::setNodeSelector)
          .rare("os", PodOS.class, PodSpec::setOs)
          .map("overhead", ValueReader.QUANTITY, PodSpec::setOverhead)
          .text("preemptionPolicy", PodSpec::setPreemptionPolicy)
          .integer("priority", PodSpec::setPriority)
          .text("priorityClassName", PodSpec::setPriorityClassName)
          .rareList("readinessGates", PodReadinessGate.class, PodSpec::setReadinessGates)
          .with("resources", ContainerShapes.RESOURCE_REQUIREMENTS, PodSpec::setResources)
          .text("restartPolicy", PodSpec::setRestartPolicy)
          .text("runtimeClassName", PodSpec::setRuntimeClassName)
          .text("schedulerName", PodSpec::setSchedulerName)
          .with("securityContext", POD_SECURITY_CONTEXT, PodSpec::setSecurityContext)
          .text("serviceAccount", PodSpec::setServiceAccount)
          .text("serviceAccountName", PodSpec::setServiceAccountName)
          .truth("setHostnameAsFQDN", PodSpec::setSetHostnameAsFQDN)
          .truth("shareProcessNamespace", PodSpec::setShareProcessNamespace)
          .text("subdomain", PodSpec::setSubdomain)
          .longInteger("terminationGracePeriodSeconds", PodSpec::setTerminationGracePeriodSeconds)
          .list("tolerations", SelectorShapes.TOLERATION, PodSpec::setTolerations)
          .list(
              "topologySpreadConstraints",
              SelectorShapes.TOPOLOGY_SPREAD_CONSTRAINT,
              PodSpec::setTopologySpreadConstraints)
          .list("volumes", VolumeShapes.VOLUME, PodSpec::setVolumes);

  static final Shape<Pod> POD =
      new Shape<>(Pod::new)
          .text("apiVersion", Pod::setApiVersion)
          .text("kind", Pod::setKind)
          .with("metadata", MetadataShapes.OBJECT_META, Pod::setMetadata)
          .with("spec", POD_SPEC, Pod::setSpec)
          .rare("status", PodStatus.class, Pod::setStatus);

  private PodShapes() {}
}
