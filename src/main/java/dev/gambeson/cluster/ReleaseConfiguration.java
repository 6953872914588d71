package dev.gambeson.cluster;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a release, read once by one who is outside the cluster.
 *
 * @param source {@code ConfigMap gambeson-system/gambeson}
 */
public record ReleaseConfiguration(String source, String text) {
  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final String NAME = "gambeson";
  private static final String NOT_IN_A_CLUSTER = "https://kubernetes.default.svc/";
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  /**
   * Which cluster, and what in it.
   *
   * @param kubeconfig null for the one that kubectl uses
   * @param context null for the current one
   * @param configMap {@code namespace/name}; null for the one that has the chart's labels
   */
  public record Place(
      @Nullable Path kubeconfig, @Nullable String context, @Nullable String configMap) {}

  /**
   * Reads it.
   *
   * @throws UnreadableReleaseException if there is none, or more than one, or it cannot be read
   */
  public static ReleaseConfiguration read(Place place) throws UnreadableReleaseException {
    var config = config(place);
    config.setRequestRetryBackoffLimit(0);
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      var configMap =
          place.configMap() == null
              ? only(releases(client), config)
              : named(client, place.configMap(), config);
      return new ReleaseConfiguration(
          "ConfigMap " + title(configMap),
          Objects.requireNonNull(configMap.getData().get(LiveConfiguration.KEY)));
    } catch (KubernetesClientException e) {
      throw new UnreadableReleaseException(explain(e, config));
    }
  }

  private static Config config(Place place) throws UnreadableReleaseException {
    Config config;
    try {
      config =
          place.kubeconfig() == null
              ? Config.autoConfigure(place.context())
              : Config.fromKubeconfig(place.context(), place.kubeconfig().toFile());
    } catch (RuntimeException e) {
      throw new UnreadableReleaseException(
          "the kubeconfig cannot be read: " + Violation.clean(String.valueOf(e.getMessage())));
    }
    if (config.getMasterUrl().equals(NOT_IN_A_CLUSTER) && !Files.exists(SERVICE_ACCOUNT)) {
      throw new UnreadableReleaseException(
          "no cluster is configured: KUBECONFIG and --kubeconfig name a kubeconfig, ~/.kube/config is the usual one");
    }
    requireContext(place.context(), config);
    return config;
  }

  /** The client takes the current context in place of one that does not exist. */
  private static void requireContext(@Nullable String context, Config config)
      throws UnreadableReleaseException {
    var contexts = config.getContexts().stream().map(NamedContext::getName).toList();
    if (context != null && !contexts.contains(context)) {
      throw new UnreadableReleaseException(
          "there is no context \"%s\" in the kubeconfig; there are %s"
              .formatted(context, String.join(", ", contexts)));
    }
  }

  private static List<ConfigMap> releases(KubernetesClient client) {
    return client
        .configMaps()
        .inAnyNamespace()
        .withLabel(NAME_LABEL, NAME)
        .list()
        .getItems()
        .stream()
        .filter(ReleaseConfiguration::hasConfiguration)
        .toList();
  }

  private static ConfigMap only(Collection<ConfigMap> releases, Config config)
      throws UnreadableReleaseException {
    if (releases.isEmpty()) {
      throw new UnreadableReleaseException(
          ("no release of Gambeson in the cluster %s: no ConfigMap has the label %s=%s and the key %s;"
                  + " --config-map names one that has other labels")
              .formatted(config.getMasterUrl(), NAME_LABEL, NAME, LiveConfiguration.KEY));
    }
    if (releases.size() > 1) {
      throw new UnreadableReleaseException(
          "several releases of Gambeson in the cluster %s: choose one with --config-map: %s"
              .formatted(
                  config.getMasterUrl(),
                  releases.stream()
                      .map(ReleaseConfiguration::title)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    return releases.iterator().next();
  }

  private static ConfigMap named(KubernetesClient client, String name, Config config)
      throws UnreadableReleaseException {
    int slash = name.indexOf('/');
    var configMap =
        client
            .configMaps()
            .inNamespace(name.substring(0, slash))
            .withName(name.substring(slash + 1))
            .get();
    if (configMap == null || !hasConfiguration(configMap)) {
      throw new UnreadableReleaseException(
          "the ConfigMap %s in the cluster %s %s"
              .formatted(
                  name,
                  config.getMasterUrl(),
                  configMap == null ? "does not exist" : "has no key " + LiveConfiguration.KEY));
    }
    return configMap;
  }

  private static boolean hasConfiguration(ConfigMap configMap) {
    return configMap.getData() != null && configMap.getData().containsKey(LiveConfiguration.KEY);
  }

  private static String title(ConfigMap configMap) {
    return configMap.getMetadata().getNamespace() + "/" + configMap.getMetadata().getName();
  }

  private static String explain(KubernetesClientException e, Config config) {
    var status = e.getStatus();
    if (status == null) {
      return "cannot reach the API server %s: %s".formatted(config.getMasterUrl(), reason(e));
    }
    var said = Violation.clean(Objects.requireNonNullElse(status.getMessage(), ""));
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the API server %s does not know the user of the kubeconfig: %s"
              .formatted(config.getMasterUrl(), said);
      case HttpURLConnection.HTTP_FORBIDDEN ->
          said + "; who may get one ConfigMap only names it with --config-map";
      default -> "the API server %s answers: %s".formatted(config.getMasterUrl(), said);
    };
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
