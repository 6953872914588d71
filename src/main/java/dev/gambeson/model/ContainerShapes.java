package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.ConfigMapEnvSource;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.ContainerRestartRule;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.FileKeySelector;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ResourceClaim;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecretEnvSource;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SleepAction;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.fabric8.kubernetes.api.model.VolumeDevice;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.WindowsSecurityContextOptions;

/** The containers of a pod. */
final class ContainerShapes {
  static final Shape<ConfigMapKeySelector> CONFIG_MAP_KEY_SELECTOR =
      new Shape<>(
              ConfigMapKeySelector.class,
              ConfigMapKeySelector::new,
              ConfigMapKeySelector::getAdditionalProperties)
          .text("key", ConfigMapKeySelector::getKey, ConfigMapKeySelector::setKey)
          .text("name", ConfigMapKeySelector::getName, ConfigMapKeySelector::setName)
          .truth("optional", ConfigMapKeySelector::getOptional, ConfigMapKeySelector::setOptional);

  static final Shape<SecretKeySelector> SECRET_KEY_SELECTOR =
      new Shape<>(
              SecretKeySelector.class,
              SecretKeySelector::new,
              SecretKeySelector::getAdditionalProperties)
          .text("key", SecretKeySelector::getKey, SecretKeySelector::setKey)
          .text("name", SecretKeySelector::getName, SecretKeySelector::setName)
          .truth("optional", SecretKeySelector::getOptional, SecretKeySelector::setOptional);

  static final Shape<ResourceFieldSelector> RESOURCE_FIELD_SELECTOR =
      new Shape<>(
              ResourceFieldSelector.class,
              ResourceFieldSelector::new,
              ResourceFieldSelector::getAdditionalProperties)
          .text(
              "containerName",
              ResourceFieldSelector::getContainerName,
              ResourceFieldSelector::setContainerName)
          .with(
              "divisor",
              Value.QUANTITY,
              ResourceFieldSelector::getDivisor,
              ResourceFieldSelector::setDivisor)
          .text("resource", ResourceFieldSelector::getResource, ResourceFieldSelector::setResource);

  static final Shape<EnvVarSource> ENV_VAR_SOURCE =
      new Shape<>(EnvVarSource.class, EnvVarSource::new, EnvVarSource::getAdditionalProperties)
          .with(
              "configMapKeyRef",
              CONFIG_MAP_KEY_SELECTOR,
              EnvVarSource::getConfigMapKeyRef,
              EnvVarSource::setConfigMapKeyRef)
          .with(
              "fieldRef",
              VolumeShapes.OBJECT_FIELD_SELECTOR,
              EnvVarSource::getFieldRef,
              EnvVarSource::setFieldRef)
          .with(
              "fileKeyRef",
              Value.rare(FileKeySelector.class),
              EnvVarSource::getFileKeyRef,
              EnvVarSource::setFileKeyRef)
          .with(
              "resourceFieldRef",
              RESOURCE_FIELD_SELECTOR,
              EnvVarSource::getResourceFieldRef,
              EnvVarSource::setResourceFieldRef)
          .with(
              "secretKeyRef",
              SECRET_KEY_SELECTOR,
              EnvVarSource::getSecretKeyRef,
              EnvVarSource::setSecretKeyRef);

  static final Shape<EnvVar> ENV_VAR =
      new Shape<>(EnvVar.class, EnvVar::new, EnvVar::getAdditionalProperties)
          .text("name", EnvVar::getName, EnvVar::setName)
          .text("value", EnvVar::getValue, EnvVar::setValue)
          .with("valueFrom", ENV_VAR_SOURCE, EnvVar::getValueFrom, EnvVar::setValueFrom);

  static final Shape<ConfigMapEnvSource> CONFIG_MAP_ENV_SOURCE =
      new Shape<>(
              ConfigMapEnvSource.class,
              ConfigMapEnvSource::new,
              ConfigMapEnvSource::getAdditionalProperties)
          .text("name", ConfigMapEnvSource::getName, ConfigMapEnvSource::setName)
          .truth("optional", ConfigMapEnvSource::getOptional, ConfigMapEnvSource::setOptional);

  static final Shape<SecretEnvSource> SECRET_ENV_SOURCE =
      new Shape<>(
              SecretEnvSource.class, SecretEnvSource::new, SecretEnvSource::getAdditionalProperties)
          .text("name", SecretEnvSource::getName, SecretEnvSource::setName)
          .truth("optional", SecretEnvSource::getOptional, SecretEnvSource::setOptional);

  static final Shape<EnvFromSource> ENV_FROM_SOURCE =
      new Shape<>(EnvFromSource.class, EnvFromSource::new, EnvFromSource::getAdditionalProperties)
          .with(
              "configMapRef",
              CONFIG_MAP_ENV_SOURCE,
              EnvFromSource::getConfigMapRef,
              EnvFromSource::setConfigMapRef)
          .text("prefix", EnvFromSource::getPrefix, EnvFromSource::setPrefix)
          .with(
              "secretRef",
              SECRET_ENV_SOURCE,
              EnvFromSource::getSecretRef,
              EnvFromSource::setSecretRef);

  static final Shape<ContainerPort> CONTAINER_PORT =
      new Shape<>(ContainerPort.class, ContainerPort::new, ContainerPort::getAdditionalProperties)
          .integer(
              "containerPort", ContainerPort::getContainerPort, ContainerPort::setContainerPort)
          .text("hostIP", ContainerPort::getHostIP, ContainerPort::setHostIP)
          .integer("hostPort", ContainerPort::getHostPort, ContainerPort::setHostPort)
          .text("name", ContainerPort::getName, ContainerPort::setName)
          .text("protocol", ContainerPort::getProtocol, ContainerPort::setProtocol);

  static final Shape<VolumeMount> VOLUME_MOUNT =
      new Shape<>(VolumeMount.class, VolumeMount::new, VolumeMount::getAdditionalProperties)
          .text("mountPath", VolumeMount::getMountPath, VolumeMount::setMountPath)
          .text(
              "mountPropagation",
              VolumeMount::getMountPropagation,
              VolumeMount::setMountPropagation)
          .text("name", VolumeMount::getName, VolumeMount::setName)
          .truth("readOnly", VolumeMount::getReadOnly, VolumeMount::setReadOnly)
          .text(
              "recursiveReadOnly",
              VolumeMount::getRecursiveReadOnly,
              VolumeMount::setRecursiveReadOnly)
          .text("subPath", VolumeMount::getSubPath, VolumeMount::setSubPath)
          .text("subPathExpr", VolumeMount::getSubPathExpr, VolumeMount::setSubPathExpr);

  static final Shape<ExecAction> EXEC_ACTION =
      new Shape<>(ExecAction.class, ExecAction::new, ExecAction::getAdditionalProperties)
          .list("command", Value.TEXT, ExecAction::getCommand, ExecAction::setCommand);

  static final Shape<HTTPHeader> HTTP_HEADER =
      new Shape<>(HTTPHeader.class, HTTPHeader::new, HTTPHeader::getAdditionalProperties)
          .text("name", HTTPHeader::getName, HTTPHeader::setName)
          .text("value", HTTPHeader::getValue, HTTPHeader::setValue);

  static final Shape<HTTPGetAction> HTTP_GET_ACTION =
      new Shape<>(HTTPGetAction.class, HTTPGetAction::new, HTTPGetAction::getAdditionalProperties)
          .text("host", HTTPGetAction::getHost, HTTPGetAction::setHost)
          .list(
              "httpHeaders",
              HTTP_HEADER,
              HTTPGetAction::getHttpHeaders,
              HTTPGetAction::setHttpHeaders)
          .text("path", HTTPGetAction::getPath, HTTPGetAction::setPath)
          .with("port", Value.INTEGER_OR_TEXT, HTTPGetAction::getPort, HTTPGetAction::setPort)
          .text("scheme", HTTPGetAction::getScheme, HTTPGetAction::setScheme);

  static final Shape<TCPSocketAction> TCP_SOCKET_ACTION =
      new Shape<>(
              TCPSocketAction.class, TCPSocketAction::new, TCPSocketAction::getAdditionalProperties)
          .text("host", TCPSocketAction::getHost, TCPSocketAction::setHost)
          .with("port", Value.INTEGER_OR_TEXT, TCPSocketAction::getPort, TCPSocketAction::setPort);

  static final Shape<SleepAction> SLEEP_ACTION =
      new Shape<>(SleepAction.class, SleepAction::new, SleepAction::getAdditionalProperties)
          .longInteger("seconds", SleepAction::getSeconds, SleepAction::setSeconds);

  static final Shape<Probe> PROBE =
      new Shape<>(Probe.class, Probe::new, Probe::getAdditionalProperties)
          .with("exec", EXEC_ACTION, Probe::getExec, Probe::setExec)
          .integer("failureThreshold", Probe::getFailureThreshold, Probe::setFailureThreshold)
          .with("grpc", Value.rare(GRPCAction.class), Probe::getGrpc, Probe::setGrpc)
          .with("httpGet", HTTP_GET_ACTION, Probe::getHttpGet, Probe::setHttpGet)
          .integer(
              "initialDelaySeconds", Probe::getInitialDelaySeconds, Probe::setInitialDelaySeconds)
          .integer("periodSeconds", Probe::getPeriodSeconds, Probe::setPeriodSeconds)
          .integer("successThreshold", Probe::getSuccessThreshold, Probe::setSuccessThreshold)
          .with("tcpSocket", TCP_SOCKET_ACTION, Probe::getTcpSocket, Probe::setTcpSocket)
          .longInteger(
              "terminationGracePeriodSeconds",
              Probe::getTerminationGracePeriodSeconds,
              Probe::setTerminationGracePeriodSeconds)
          .integer("timeoutSeconds", Probe::getTimeoutSeconds, Probe::setTimeoutSeconds);

  static final Shape<LifecycleHandler> LIFECYCLE_HANDLER =
      new Shape<>(
              LifecycleHandler.class,
              LifecycleHandler::new,
              LifecycleHandler::getAdditionalProperties)
          .with("exec", EXEC_ACTION, LifecycleHandler::getExec, LifecycleHandler::setExec)
          .with(
              "httpGet",
              HTTP_GET_ACTION,
              LifecycleHandler::getHttpGet,
              LifecycleHandler::setHttpGet)
          .with("sleep", SLEEP_ACTION, LifecycleHandler::getSleep, LifecycleHandler::setSleep)
          .with(
              "tcpSocket",
              TCP_SOCKET_ACTION,
              LifecycleHandler::getTcpSocket,
              LifecycleHandler::setTcpSocket);

  static final Shape<Lifecycle> LIFECYCLE =
      new Shape<>(Lifecycle.class, Lifecycle::new, Lifecycle::getAdditionalProperties)
          .with("postStart", LIFECYCLE_HANDLER, Lifecycle::getPostStart, Lifecycle::setPostStart)
          .with("preStop", LIFECYCLE_HANDLER, Lifecycle::getPreStop, Lifecycle::setPreStop)
          .text("stopSignal", Lifecycle::getStopSignal, Lifecycle::setStopSignal);

  static final Shape<ResourceRequirements> RESOURCE_REQUIREMENTS =
      new Shape<>(
              ResourceRequirements.class,
              ResourceRequirements::new,
              ResourceRequirements::getAdditionalProperties)
          .list(
              "claims",
              Value.rare(ResourceClaim.class),
              ResourceRequirements::getClaims,
              ResourceRequirements::setClaims)
          .map(
              "limits",
              Value.QUANTITY,
              ResourceRequirements::getLimits,
              ResourceRequirements::setLimits)
          .map(
              "requests",
              Value.QUANTITY,
              ResourceRequirements::getRequests,
              ResourceRequirements::setRequests);

  static final Shape<Capabilities> CAPABILITIES =
      new Shape<>(Capabilities.class, Capabilities::new, Capabilities::getAdditionalProperties)
          .list("add", Value.TEXT, Capabilities::getAdd, Capabilities::setAdd)
          .list("drop", Value.TEXT, Capabilities::getDrop, Capabilities::setDrop);

  static final Shape<SeccompProfile> SECCOMP_PROFILE =
      new Shape<>(
              SeccompProfile.class, SeccompProfile::new, SeccompProfile::getAdditionalProperties)
          .text(
              "localhostProfile",
              SeccompProfile::getLocalhostProfile,
              SeccompProfile::setLocalhostProfile)
          .text("type", SeccompProfile::getType, SeccompProfile::setType);

  static final Shape<SecurityContext> SECURITY_CONTEXT =
      new Shape<>(
              SecurityContext.class, SecurityContext::new, SecurityContext::getAdditionalProperties)
          .truth(
              "allowPrivilegeEscalation",
              SecurityContext::getAllowPrivilegeEscalation,
              SecurityContext::setAllowPrivilegeEscalation)
          .with(
              "appArmorProfile",
              Value.rare(AppArmorProfile.class),
              SecurityContext::getAppArmorProfile,
              SecurityContext::setAppArmorProfile)
          .with(
              "capabilities",
              CAPABILITIES,
              SecurityContext::getCapabilities,
              SecurityContext::setCapabilities)
          .truth("privileged", SecurityContext::getPrivileged, SecurityContext::setPrivileged)
          .text("procMount", SecurityContext::getProcMount, SecurityContext::setProcMount)
          .truth(
              "readOnlyRootFilesystem",
              SecurityContext::getReadOnlyRootFilesystem,
              SecurityContext::setReadOnlyRootFilesystem)
          .longInteger("runAsGroup", SecurityContext::getRunAsGroup, SecurityContext::setRunAsGroup)
          .truth("runAsNonRoot", SecurityContext::getRunAsNonRoot, SecurityContext::setRunAsNonRoot)
          .longInteger("runAsUser", SecurityContext::getRunAsUser, SecurityContext::setRunAsUser)
          .with(
              "seLinuxOptions",
              Value.rare(SELinuxOptions.class),
              SecurityContext::getSeLinuxOptions,
              SecurityContext::setSeLinuxOptions)
          .with(
              "seccompProfile",
              SECCOMP_PROFILE,
              SecurityContext::getSeccompProfile,
              SecurityContext::setSeccompProfile)
          .with(
              "windowsOptions",
              Value.rare(WindowsSecurityContextOptions.class),
              SecurityContext::getWindowsOptions,
              SecurityContext::setWindowsOptions);

  static final Shape<Container> CONTAINER =
      new Shape<>(Container.class, Container::new, Container::getAdditionalProperties)
          .list("args", Value.TEXT, Container::getArgs, Container::setArgs)
          .list("command", Value.TEXT, Container::getCommand, Container::setCommand)
          .list("env", ENV_VAR, Container::getEnv, Container::setEnv)
          .list("envFrom", ENV_FROM_SOURCE, Container::getEnvFrom, Container::setEnvFrom)
          .text("image", Container::getImage, Container::setImage)
          .text("imagePullPolicy", Container::getImagePullPolicy, Container::setImagePullPolicy)
          .with("lifecycle", LIFECYCLE, Container::getLifecycle, Container::setLifecycle)
          .with("livenessProbe", PROBE, Container::getLivenessProbe, Container::setLivenessProbe)
          .text("name", Container::getName, Container::setName)
          .list("ports", CONTAINER_PORT, Container::getPorts, Container::setPorts)
          .with("readinessProbe", PROBE, Container::getReadinessProbe, Container::setReadinessProbe)
          .list(
              "resizePolicy",
              Value.rare(ContainerResizePolicy.class),
              Container::getResizePolicy,
              Container::setResizePolicy)
          .with(
              "resources", RESOURCE_REQUIREMENTS, Container::getResources, Container::setResources)
          .text("restartPolicy", Container::getRestartPolicy, Container::setRestartPolicy)
          .list(
              "restartPolicyRules",
              Value.rare(ContainerRestartRule.class),
              Container::getRestartPolicyRules,
              Container::setRestartPolicyRules)
          .with(
              "securityContext",
              SECURITY_CONTEXT,
              Container::getSecurityContext,
              Container::setSecurityContext)
          .with("startupProbe", PROBE, Container::getStartupProbe, Container::setStartupProbe)
          .truth("stdin", Container::getStdin, Container::setStdin)
          .truth("stdinOnce", Container::getStdinOnce, Container::setStdinOnce)
          .text(
              "terminationMessagePath",
              Container::getTerminationMessagePath,
              Container::setTerminationMessagePath)
          .text(
              "terminationMessagePolicy",
              Container::getTerminationMessagePolicy,
              Container::setTerminationMessagePolicy)
          .truth("tty", Container::getTty, Container::setTty)
          .list(
              "volumeDevices",
              Value.rare(VolumeDevice.class),
              Container::getVolumeDevices,
              Container::setVolumeDevices)
          .list(
              "volumeMounts", VOLUME_MOUNT, Container::getVolumeMounts, Container::setVolumeMounts)
          .text("workingDir", Container::getWorkingDir, Container::setWorkingDir);

  private ContainerShapes() {}
}
