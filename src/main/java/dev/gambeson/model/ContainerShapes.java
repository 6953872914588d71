package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.ConfigMapEnvSource;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.ExecAction;
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
      new Shape<>(ConfigMapKeySelector::new)
          .text("key", ConfigMapKeySelector::setKey)
          .text("name", ConfigMapKeySelector::setName)
          .truth("optional", ConfigMapKeySelector::setOptional);

  static final Shape<SecretKeySelector> SECRET_KEY_SELECTOR =
      new Shape<>(SecretKeySelector::new)
          .text("key", SecretKeySelector::setKey)
          .text("name", SecretKeySelector::setName)
          .truth("optional", SecretKeySelector::setOptional);

  static final Shape<ResourceFieldSelector> RESOURCE_FIELD_SELECTOR =
      new Shape<>(ResourceFieldSelector::new)
          .text("containerName", ResourceFieldSelector::setContainerName)
          .with("divisor", ValueReader.QUANTITY, ResourceFieldSelector::setDivisor)
          .text("resource", ResourceFieldSelector::setResource);

  static final Shape<EnvVarSource> ENV_VAR_SOURCE =
      new Shape<>(EnvVarSource::new)
          .with("configMapKeyRef", CONFIG_MAP_KEY_SELECTOR, EnvVarSource::setConfigMapKeyRef)
          .with("fieldRef", VolumeShapes.OBJECT_FIELD_SELECTOR, EnvVarSource::setFieldRef)
          .with("resourceFieldRef", RESOURCE_FIELD_SELECTOR, EnvVarSource::setResourceFieldRef)
          .with("secretKeyRef", SECRET_KEY_SELECTOR, EnvVarSource::setSecretKeyRef);

  static final Shape<EnvVar> ENV_VAR =
      new Shape<>(EnvVar::new)
          .text("name", EnvVar::setName)
          .text("value", EnvVar::setValue)
          .with("valueFrom", ENV_VAR_SOURCE, EnvVar::setValueFrom);

  static final Shape<ConfigMapEnvSource> CONFIG_MAP_ENV_SOURCE =
      new Shape<>(ConfigMapEnvSource::new)
          .text("name", ConfigMapEnvSource::setName)
          .truth("optional", ConfigMapEnvSource::setOptional);

  static final Shape<SecretEnvSource> SECRET_ENV_SOURCE =
      new Shape<>(SecretEnvSource::new)
          .text("name", SecretEnvSource::setName)
          .truth("optional", SecretEnvSource::setOptional);

  static final Shape<EnvFromSource> ENV_FROM_SOURCE =
      new Shape<>(EnvFromSource::new)
          .with("configMapRef", CONFIG_MAP_ENV_SOURCE, EnvFromSource::setConfigMapRef)
          .text("prefix", EnvFromSource::setPrefix)
          .with("secretRef", SECRET_ENV_SOURCE, EnvFromSource::setSecretRef);

  static final Shape<ContainerPort> CONTAINER_PORT =
      new Shape<>(ContainerPort::new)
          .integer("containerPort", ContainerPort::setContainerPort)
          .text("hostIP", ContainerPort::setHostIP)
          .integer("hostPort", ContainerPort::setHostPort)
          .text("name", ContainerPort::setName)
          .text("protocol", ContainerPort::setProtocol);

  static final Shape<VolumeMount> VOLUME_MOUNT =
      new Shape<>(VolumeMount::new)
          .text("mountPath", VolumeMount::setMountPath)
          .text("mountPropagation", VolumeMount::setMountPropagation)
          .text("name", VolumeMount::setName)
          .truth("readOnly", VolumeMount::setReadOnly)
          .text("recursiveReadOnly", VolumeMount::setRecursiveReadOnly)
          .text("subPath", VolumeMount::setSubPath)
          .text("subPathExpr", VolumeMount::setSubPathExpr);

  static final Shape<ExecAction> EXEC_ACTION =
      new Shape<>(ExecAction::new).list("command", ValueReader.TEXT, ExecAction::setCommand);

  static final Shape<HTTPHeader> HTTP_HEADER =
      new Shape<>(HTTPHeader::new)
          .text("name", HTTPHeader::setName)
          .text("value", HTTPHeader::setValue);

  static final Shape<HTTPGetAction> HTTP_GET_ACTION =
      new Shape<>(HTTPGetAction::new)
          .text("host", HTTPGetAction::setHost)
          .list("httpHeaders", HTTP_HEADER, HTTPGetAction::setHttpHeaders)
          .text("path", HTTPGetAction::setPath)
          .with("port", ValueReader.INTEGER_OR_TEXT, HTTPGetAction::setPort)
          .text("scheme", HTTPGetAction::setScheme);

  static final Shape<TCPSocketAction> TCP_SOCKET_ACTION =
      new Shape<>(TCPSocketAction::new)
          .text("host", TCPSocketAction::setHost)
          .with("port", ValueReader.INTEGER_OR_TEXT, TCPSocketAction::setPort);

  static final Shape<SleepAction> SLEEP_ACTION =
      new Shape<>(SleepAction::new).longInteger("seconds", SleepAction::setSeconds);

  static final Shape<Probe> PROBE =
      new Shape<>(Probe::new)
          .with("exec", EXEC_ACTION, Probe::setExec)
          .integer("failureThreshold", Probe::setFailureThreshold)
          .rare("grpc", GRPCAction.class, Probe::setGrpc)
          .with("httpGet", HTTP_GET_ACTION, Probe::setHttpGet)
          .integer("initialDelaySeconds", Probe::setInitialDelaySeconds)
          .integer("periodSeconds", Probe::setPeriodSeconds)
          .integer("successThreshold", Probe::setSuccessThreshold)
          .with("tcpSocket", TCP_SOCKET_ACTION, Probe::setTcpSocket)
          .longInteger("terminationGracePeriodSeconds", Probe::setTerminationGracePeriodSeconds)
          .integer("timeoutSeconds", Probe::setTimeoutSeconds);

  static final Shape<LifecycleHandler> LIFECYCLE_HANDLER =
      new Shape<>(LifecycleHandler::new)
          .with("exec", EXEC_ACTION, LifecycleHandler::setExec)
          .with("httpGet", HTTP_GET_ACTION, LifecycleHandler::setHttpGet)
          .with("sleep", SLEEP_ACTION, LifecycleHandler::setSleep)
          .with("tcpSocket", TCP_SOCKET_ACTION, LifecycleHandler::setTcpSocket);

  static final Shape<Lifecycle> LIFECYCLE =
      new Shape<>(Lifecycle::new)
          .with("postStart", LIFECYCLE_HANDLER, Lifecycle::setPostStart)
          .with("preStop", LIFECYCLE_HANDLER, Lifecycle::setPreStop)
          .text("stopSignal", Lifecycle::setStopSignal);

  static final Shape<ResourceRequirements> RESOURCE_REQUIREMENTS =
      new Shape<>(ResourceRequirements::new)
          .rareList("claims", ResourceClaim.class, ResourceRequirements::setClaims)
          .map("limits", ValueReader.QUANTITY, ResourceRequirements::setLimits)
          .map("requests", ValueReader.QUANTITY, ResourceRequirements::setRequests);

  static final Shape<Capabilities> CAPABILITIES =
      new Shape<>(Capabilities::new)
          .list("add", ValueReader.TEXT, Capabilities::setAdd)
          .list("drop", ValueReader.TEXT, Capabilities::setDrop);

  static final Shape<SeccompProfile> SECCOMP_PROFILE =
      new Shape<>(SeccompProfile::new)
          .text("localhostProfile", SeccompProfile::setLocalhostProfile)
          .text("type", SeccompProfile::setType);

  static final Shape<SecurityContext> SECURITY_CONTEXT =
      new Shape<>(SecurityContext::new)
          .truth("allowPrivilegeEscalation", SecurityContext::setAllowPrivilegeEscalation)
          .rare("appArmorProfile", AppArmorProfile.class, SecurityContext::setAppArmorProfile)
          .with("capabilities", CAPABILITIES, SecurityContext::setCapabilities)
          .truth("privileged", SecurityContext::setPrivileged)
          .text("procMount", SecurityContext::setProcMount)
          .truth("readOnlyRootFilesystem", SecurityContext::setReadOnlyRootFilesystem)
          .longInteger("runAsGroup", SecurityContext::setRunAsGroup)
          .truth("runAsNonRoot", SecurityContext::setRunAsNonRoot)
          .longInteger("runAsUser", SecurityContext::setRunAsUser)
          .rare("seLinuxOptions", SELinuxOptions.class, SecurityContext::setSeLinuxOptions)
          .with("seccompProfile", SECCOMP_PROFILE, SecurityContext::setSeccompProfile)
          .rare(
              "windowsOptions",
              WindowsSecurityContextOptions.class,
              SecurityContext::setWindowsOptions);

  static final Shape<Container> CONTAINER =
      new Shape<>(Container::new)
          .list("args", ValueReader.TEXT, Container::setArgs)
          .list("command", ValueReader.TEXT, Container::setCommand)
          .list("env", ENV_VAR, Container::setEnv)
          .list("envFrom", ENV_FROM_SOURCE, Container::setEnvFrom)
          .text("image", Container::setImage)
          .text("imagePullPolicy", Container::setImagePullPolicy)
          .with("lifecycle", LIFECYCLE, Container::setLifecycle)
          .with("livenessProbe", PROBE, Container::setLivenessProbe)
          .text("name", Container::setName)
          .list("ports", CONTAINER_PORT, Container::setPorts)
          .with("readinessProbe", PROBE, Container::setReadinessProbe)
          .rareList("resizePolicy", ContainerResizePolicy.class, Container::setResizePolicy)
          .with("resources", RESOURCE_REQUIREMENTS, Container::setResources)
          .text("restartPolicy", Container::setRestartPolicy)
          .with("securityContext", SECURITY_CONTEXT, Container::setSecurityContext)
          .with("startupProbe", PROBE, Container::setStartupProbe)
          .truth("stdin", Container::setStdin)
          .truth("stdinOnce", Container::setStdinOnce)
          .text("terminationMessagePath", Container::setTerminationMessagePath)
          .text("terminationMessagePolicy", Container::setTerminationMessagePolicy)
          .truth("tty", Container::setTty)
          .rareList("volumeDevices", VolumeDevice.class, Container::setVolumeDevices)
          .list("volumeMounts", VOLUME_MOUNT, Container::setVolumeMounts)
          .text("workingDir", Container::setWorkingDir);

  private ContainerShapes() {}
}
