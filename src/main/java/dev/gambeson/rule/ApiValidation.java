package dev.gambeson.rule;

import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.VolumeSources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the API server refuses in parts of pods, as far as an administrator is likely to write it:
 * every pod that gets such a part would be refused.
 */
public final class ApiValidation {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern PORT_NAME =
      Pattern.compile("(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");
  private static final Pattern VARIABLE = Pattern.compile("[ -<>-~]+");
  private static final int LAST_PORT = 65535;

  /** One thing that is refused, and how the message says it. */
  private record Refused<T>(Predicate<T> test, String message) {}

  private static final List<Refused<Toleration>> TOLERATIONS =
      List.of(
          new Refused<>(
              part -> !isOneOf(part.getOperator(), "Equal", "Exists", "Lt", "Gt"),
              "operator is none of Equal, Exists, Lt, Gt"),
          new Refused<>(
              part -> !isOneOf(part.getEffect(), "NoSchedule", "PreferNoSchedule", "NoExecute"),
              "effect is none of NoSchedule, PreferNoSchedule, NoExecute"),
          new Refused<>(
              part -> text(part.getKey()).isEmpty() && !"Exists".equals(part.getOperator()),
              "without a key the operator must be Exists"),
          new Refused<>(
              part -> !text(part.getKey()).isEmpty() && !PodSelector.isKey(part.getKey()),
              "key is not a valid taint key"),
          new Refused<>(
              part -> "Exists".equals(part.getOperator()) && !text(part.getValue()).isEmpty(),
              "the operator Exists takes no value"),
          new Refused<>(
              part -> !PodSelector.isValue(text(part.getValue())),
              "value is not a valid taint value"),
          new Refused<>(
              part -> part.getTolerationSeconds() != null && !"NoExecute".equals(part.getEffect()),
              "tolerationSeconds need the effect NoExecute"));

  private static final List<Refused<EnvVar>> VARIABLES =
      List.of(
          new Refused<>(
              part -> !VARIABLE.matcher(text(part.getName())).matches(),
              "name must be printable ASCII without \"=\""),
          new Refused<>(
              part -> !text(part.getValue()).isEmpty() && part.getValueFrom() != null,
              "has both value and valueFrom"),
          new Refused<>(
              part -> part.getValueFrom() != null && sources(part.getValueFrom()) != 1,
              "valueFrom needs one source, fieldRef for example"));

  private static final List<Refused<ContainerPort>> PORTS =
      List.of(
          new Refused<>(
              part -> part.getContainerPort() == null || !isPort(part.getContainerPort()),
              "containerPort must be from 1 to 65535"),
          new Refused<>(
              part ->
                  part.getHostPort() != null
                      && part.getHostPort() != 0
                      && !isPort(part.getHostPort()),
              "hostPort must be from 1 to 65535"),
          new Refused<>(
              part ->
                  !text(part.getName()).isEmpty() && !PORT_NAME.matcher(part.getName()).matches(),
              "name must be at most 15 lower case letters, digits and -, one of them a letter"),
          new Refused<>(
              part -> !isOneOf(part.getProtocol(), "TCP", "UDP", "SCTP"),
              "protocol is none of TCP, UDP, SCTP"));

  private static final List<Refused<Probe>> PROBES =
      List.of(
          new Refused<>(
              part ->
                  Stream.of(part.getExec(), part.getGrpc(), part.getHttpGet(), part.getTcpSocket())
                          .filter(Objects::nonNull)
                          .count()
                      != 1,
              "needs one of exec, grpc, httpGet, tcpSocket"),
          new Refused<>(
              part ->
                  Stream.of(
                          part.getInitialDelaySeconds(),
                          part.getTimeoutSeconds(),
                          part.getPeriodSeconds(),
                          part.getSuccessThreshold(),
                          part.getFailureThreshold())
                      .anyMatch(number -> number != null && number < 0),
              "a number is below zero"));

  private static final List<Refused<Container>> CONTAINERS =
      List.of(
          new Refused<>(
              part -> ImageReference.parse(text(part.getImage())).isEmpty(),
              "image is not a valid image reference"),
          new Refused<>(
              part -> !isOneOf(part.getImagePullPolicy(), "Always", "IfNotPresent", "Never"),
              "imagePullPolicy is none of Always, IfNotPresent, Never"),
          new Refused<>(
              part -> part.getResources() != null && hasRequestAboveLimit(part.getResources()),
              "resources: a request is above the limit of the same resource"),
          new Refused<>(
              ApiValidation::isPrivilegedWithoutEscalation,
              "securityContext: allowPrivilegeEscalation: false goes neither with privileged: true"
                  + " nor with CAP_SYS_ADMIN"));

  private static final List<Refused<Volume>> VOLUMES =
      List.of(
          new Refused<>(
              part -> !LABEL.matcher(text(part.getName())).matches(),
              "name must be lower case letters, digits and -, at most 63"),
          new Refused<>(
              part -> VolumeSources.count(part) != 1,
              "needs one source, emptyDir: {} for example"));

  private ApiValidation() {}

  /**
   * Refuses tolerations that the API server refuses; likewise the others.
   *
   * @param field what the message begins with
   * @throws IllegalArgumentException if it does
   */
  public static void requireTolerations(String field, List<Toleration> tolerations) {
    requireEach(field, tolerations, TOLERATIONS);
  }

  public static void requireVariables(String field, List<EnvVar> variables) {
    requireEach(field, variables, VARIABLES);
  }

  public static void requireVolumes(String field, List<Volume> volumes) {
    requireEach(field, volumes, VOLUMES);
  }

  public static void requireContainer(String field, Container container) {
    require(field, container, CONTAINERS);
    requireVariables(field + ": env", container.getEnv());
    requireEach(field + ": ports", container.getPorts(), PORTS);
    requireProbe(field + ": livenessProbe", container.getLivenessProbe());
    requireProbe(field + ": readinessProbe", container.getReadinessProbe());
    requireProbe(field + ": startupProbe", container.getStartupProbe());
  }

  public static void requireSubdomain(String field, String name) {
    if (!PodSelector.isSubdomain(name)) {
      throw new IllegalArgumentException(
          field + " \"" + name + "\" is not a valid name: lower case letters, digits, - and .");
    }
  }

  private static void requireProbe(String field, @Nullable Probe probe) {
    if (probe != null) {
      require(field, probe, PROBES);
    }
  }

  private static <T> void requireEach(String field, List<T> parts, List<Refused<T>> refused) {
    for (int i = 0; i < parts.size(); i++) {
      require(field + "[" + i + "]", parts.get(i), refused);
    }
  }

  private static <T> void require(String field, T part, List<Refused<T>> refused) {
    for (var each : refused) {
      if (each.test().test(part)) {
        throw new IllegalArgumentException(field + ": " + each.message());
      }
    }
  }

  private static boolean isOneOf(@Nullable String given, String... known) {
    return text(given).isEmpty() || List.of(known).contains(given);
  }

  private static boolean isPort(int number) {
    return number >= 1 && number <= LAST_PORT;
  }

  private static long sources(EnvVarSource source) {
    return Stream.of(
            source.getConfigMapKeyRef(),
            source.getFieldRef(),
            source.getFileKeyRef(),
            source.getResourceFieldRef(),
            source.getSecretKeyRef())
        .filter(Objects::nonNull)
        .count();
  }

  private static boolean hasRequestAboveLimit(ResourceRequirements resources) {
    var limits = Objects.requireNonNullElse(resources.getLimits(), Map.<String, Quantity>of());
    return Objects.requireNonNullElse(resources.getRequests(), Map.<String, Quantity>of())
        .entrySet()
        .stream()
        .anyMatch(request -> {
          var limit = limits.get(request.getKey());
          return limit != null && Amount.isAbove(request.getValue(), limit);
        });
  }

  private static boolean isPrivilegedWithoutEscalation(Container container) {
    var context = container.getSecurityContext();
    return context != null
        && Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())
        && (Boolean.TRUE.equals(context.getPrivileged())
            || (context.getCapabilities() != null
                && context.getCapabilities().getAdd().contains("CAP_SYS_ADMIN")));
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }
}
