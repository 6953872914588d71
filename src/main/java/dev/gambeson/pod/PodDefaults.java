package dev.gambeson.pod;

import static dev.gambeson.pod.VolumeDefaults.fill;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the API server writes into a pod before the first webhook sees it, as far as a rule may look
 * at it: the defaults of the types ({@code SetDefaults_Pod}, {@code SetDefaults_PodSpec}, {@code
 * SetDefaults_Container}) and of the admission plugins ServiceAccount, Priority and
 * DefaultTolerationSeconds. A manifest has none of it.
 *
 * <p>What is added to a list comes after everything that its author wrote there.
 */
public final class PodDefaults {
  private static final String TOKEN_VOLUME_PREFIX = "kube-api-access-";

  private static final String TOKEN_VOLUME = TOKEN_VOLUME_PREFIX + "xxxxx";

  /** Where the token of the service account is mounted, into every container that lacks it. */
  public static final String TOKEN_MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  private static final int FILE_MODE = 0644;
  private static final long TOKEN_SECONDS = 3607;
  private static final long TOLERATION_SECONDS = 300;

  private PodDefaults() {}

  /**
   * Writes the defaults into a pod that is not yet in a cluster, and takes out the status that the
   * API server would not take.
   */
  public static void apply(Pod pod) {
    pod.setStatus(null);
    var spec = pod.getSpec();
    eachContainer(spec, PodDefaults::container);
    spec.getEphemeralContainers()
        .forEach(container ->
            fill(
                container.getImagePullPolicy(),
                container::setImagePullPolicy,
                pullPolicy(container.getImage())));
    ResourceDefaults.apply(spec);
    spec(spec);
    spec.getVolumes().forEach(VolumeDefaults::apply);
    serviceAccount(spec);
    priority(spec);
    toleration(spec, "node.kubernetes.io/not-ready");
    toleration(spec, "node.kubernetes.io/unreachable");
  }

  private static void eachContainer(PodSpec spec, Consumer<Container> action) {
    spec.getInitContainers().forEach(action);
    spec.getContainers().forEach(action);
  }

  private static void spec(PodSpec spec) {
    fill(spec.getEnableServiceLinks(), spec::setEnableServiceLinks, true);
    fill(spec.getDnsPolicy(), spec::setDnsPolicy, "ClusterFirst");
    fill(spec.getRestartPolicy(), spec::setRestartPolicy, "Always");
    fill(spec.getSecurityContext(), spec::setSecurityContext, new PodSecurityContext());
    fill(spec.getTerminationGracePeriodSeconds(), spec::setTerminationGracePeriodSeconds, 30L);
    fill(spec.getSchedulerName(), spec::setSchedulerName, "default-scheduler");
    if (Boolean.TRUE.equals(spec.getHostNetwork())) {
      eachContainer(
          spec,
          container ->
              container.getPorts().stream()
                  .filter(port -> port.getHostPort() == null || port.getHostPort() == 0)
                  .forEach(port -> port.setHostPort(port.getContainerPort())));
    }
  }

  private static void container(Container container) {
    fill(
        container.getImagePullPolicy(),
        container::setImagePullPolicy,
        pullPolicy(container.getImage()));
    fill(
        container.getTerminationMessagePath(),
        container::setTerminationMessagePath,
        "/dev/termination-log");
    fill(container.getTerminationMessagePolicy(), container::setTerminationMessagePolicy, "File");
    container.getEnv().forEach(PodDefaults::variable);
    for (ContainerPort port : container.getPorts()) {
      fill(port.getProtocol(), port::setProtocol, "TCP");
    }
  }

  /** A copy of the volume, as the API server completes it. */
  public static Volume complete(Volume volume) {
    var copy = new VolumeBuilder(volume).build();
    VolumeDefaults.apply(copy);
    return copy;
  }

  /** A copy of the environment variable, as the API server completes it. */
  public static EnvVar complete(EnvVar variable) {
    var copy = new EnvVarBuilder(variable).build();
    variable(copy);
    return copy;
  }

  /** Gives a container the requests that the API server derives from its limits. */
  public static void requestLimits(Container container) {
    ResourceDefaults.requestLimits(container.getResources());
  }

  private static void variable(EnvVar variable) {
    var source = variable.getValueFrom();
    if (source != null) {
      VolumeDefaults.field(source.getFieldRef());
      VolumeDefaults.resource(source.getResourceFieldRef());
      var fileKey = source.getFileKeyRef();
      if (fileKey != null) {
        fill(fileKey.getOptional(), fileKey::setOptional, false);
      }
    }
  }

  private static void serviceAccount(PodSpec spec) {
    fill(spec.getServiceAccountName(), spec::setServiceAccountName, spec.getServiceAccount());
    fill(spec.getServiceAccountName(), spec::setServiceAccountName, "default");
    spec.setServiceAccount(spec.getServiceAccountName());
    if (Boolean.FALSE.equals(spec.getAutomountServiceAccountToken())) {
      return;
    }
    var present =
        spec.getVolumes().stream()
            .map(Volume::getName)
            .filter(name -> name != null && name.startsWith(TOKEN_VOLUME_PREFIX))
            .findFirst();
    var mounting = new ArrayList<Container>();
    eachContainer(
        spec,
        container -> {
          if (container.getVolumeMounts().stream()
              .noneMatch(mount -> TOKEN_MOUNT_PATH.equals(mount.getMountPath()))) {
            mounting.add(container);
          }
        });
    for (var container : mounting) {
      container.setVolumeMounts(
          plus(container.getVolumeMounts(), tokenMount(present.orElse(TOKEN_VOLUME))));
    }
    if (present.isEmpty() && !mounting.isEmpty()) {
      spec.setVolumes(plus(spec.getVolumes(), tokenVolume()));
    }
  }

  private static VolumeMount tokenMount(String volume) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withReadOnly(true)
        .withMountPath(TOKEN_MOUNT_PATH)
        .build();
  }

  private static Volume tokenVolume() {
    return new VolumeBuilder()
        .withName(TOKEN_VOLUME)
        .withNewProjected()
        .withDefaultMode(FILE_MODE)
        .addNewSource()
        .withNewServiceAccountToken()
        .withPath("token")
        .withExpirationSeconds(TOKEN_SECONDS)
        .endServiceAccountToken()
        .endSource()
        .addNewSource()
        .withNewConfigMap()
        .withName("kube-root-ca.crt")
        .addNewItem("ca.crt", null, "ca.crt")
        .endConfigMap()
        .endSource()
        .addNewSource()
        .withNewDownwardAPI()
        .addNewItem()
        .withPath("namespace")
        .withNewFieldRef("v1", "metadata.namespace")
        .endItem()
        .endDownwardAPI()
        .endSource()
        .endProjected()
        .build();
  }

  /** The value of a class that only the cluster knows stays open. */
  private static void priority(PodSpec spec) {
    var name = spec.getPriorityClassName();
    Integer priority =
        switch (name == null ? "" : name) {
          case "" -> 0;
          case "system-cluster-critical" -> 2_000_000_000;
          case "system-node-critical" -> 2_000_001_000;
          default -> null;
        };
    if (priority != null) {
      fill(spec.getPriority(), spec::setPriority, priority);
      fill(spec.getPreemptionPolicy(), spec::setPreemptionPolicy, "PreemptLowerPriority");
    }
  }

  private static void toleration(PodSpec spec, String taint) {
    boolean tolerated =
        spec.getTolerations().stream()
            .anyMatch(toleration ->
                (isEmpty(toleration.getKey()) || taint.equals(toleration.getKey()))
                    && (isEmpty(toleration.getEffect())
                        || "NoExecute".equals(toleration.getEffect())));
    if (!tolerated) {
      spec.setTolerations(
          plus(
              spec.getTolerations(),
              new TolerationBuilder()
                  .withKey(taint)
                  .withOperator("Exists")
                  .withEffect("NoExecute")
                  .withTolerationSeconds(TOLERATION_SECONDS)
                  .build()));
    }
  }

  static String pullPolicy(@Nullable String image) {
    return ImageReference.parse(image == null ? "" : image)
        .map(ImageReference::defaultPullPolicy)
        .orElse("IfNotPresent");
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private static <E> List<E> plus(List<E> list, E element) {
    var longer = new ArrayList<>(list);
    longer.add(element);
    return longer;
  }
}
