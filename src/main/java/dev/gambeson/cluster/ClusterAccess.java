package dev.gambeson.cluster;

import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster, and the user who reads it, as kubectl finds both.
 *
 * @param kubeconfig null for the one that kubectl uses
 * @param context null for the current one
 */
public record ClusterAccess(@Nullable Path kubeconfig, @Nullable String context) {
  private static final String NOT_IN_A_CLUSTER = "https://kubernetes.default.svc/";
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  /** The namespace of the context, as kubectl chooses it. */
  public String namespace() throws UnreadableClusterException {
    var namespace = config().getNamespace();
    return namespace == null || namespace.isEmpty() ? "default" : namespace;
  }

  Config config() throws UnreadableClusterException {
    Config config;
    try {
      config =
          kubeconfig == null
              ? Config.autoConfigure(context)
              : Config.fromKubeconfig(context, kubeconfig.toFile());
    } catch (RuntimeException e) {
      throw new UnreadableClusterException(
          "the kubeconfig cannot be read: " + Violation.clean(String.valueOf(e.getMessage())));
    }
    if (config.getMasterUrl().equals(NOT_IN_A_CLUSTER) && !Files.exists(SERVICE_ACCOUNT)) {
      throw new UnreadableClusterException(
          "no cluster is configured: KUBECONFIG and --kubeconfig name a kubeconfig, ~/.kube/config is the usual one");
    }
    requireContext(config);
    return config;
  }

  /** The client takes the current context in place of one that does not exist. */
  private void requireContext(Config config) throws UnreadableClusterException {
    var contexts = config.getContexts().stream().map(NamedContext::getName).toList();
    if (context != null && !contexts.contains(context)) {
      throw new UnreadableClusterException(
          "there is no context \"%s\" in the kubeconfig; there are %s"
              .formatted(context, String.join(", ", contexts)));
    }
  }

  static UnreadableClusterException explained(KubernetesClientException e, Config config) {
    var status = e.getStatus();
    if (status == null) {
      return unreachable(e, config);
    }
    var said = Violation.clean(Objects.requireNonNullElse(status.getMessage(), ""));
    return e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
        ? unknownUser(said, config)
        : new UnreadableClusterException(
            "the API server %s answers: %s".formatted(config.getMasterUrl(), said));
  }

  static UnreadableClusterException unknownUser(String said, Config config) {
    return new UnreadableClusterException(
        "the API server %s does not know the user of the kubeconfig: %s"
            .formatted(config.getMasterUrl(), said));
  }

  static UnreadableClusterException unreachable(Throwable failure, Config config) {
    return new UnreadableClusterException(
        "cannot reach the API server %s: %s".formatted(config.getMasterUrl(), reason(failure)));
  }

  private static String reason(Throwable failure) {
    var causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
    if (causes.stream().anyMatch(ConnectException.class::isInstance)) {
      return "it accepts no connection";
    }
    var innermost = causes.getLast();
    return Violation.clean(
        Objects.requireNonNullElse(innermost.getMessage(), innermost.getClass().getSimpleName()));
  }
}
