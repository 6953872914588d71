package dev.gambeson.cluster;

import dev.gambeson.config.LiveConfiguration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a release, read once by one who is outside the cluster.
 *
 * @param source {@code ConfigMap gambeson-system/gambeson}
 */
public record ReleaseConfiguration(String source, String text, HelmRelease release) {
  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final String NAME = "gambeson";
  private static final String WEBHOOK = ".gambeson.dev";

  /**
   * Reads it.
   *
   * @param name {@code namespace/name} of the ConfigMap; null for the one that has the chart's
   *     labels
   * @throws NoReleaseException if nothing tells of one
   * @throws UnreadableClusterException if there is more than one, or it cannot be read
   */
  public static ReleaseConfiguration read(ClusterAccess access, @Nullable String name)
      throws UnreadableClusterException {
    var config = access.config();
    config.setRequestRetryBackoffLimit(0);
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      var configMap = name == null ? only(releases(client), config) : named(client, name, config);
      return new ReleaseConfiguration(
          "ConfigMap " + title(configMap),
          Objects.requireNonNull(configMap.getData().get(LiveConfiguration.KEY)),
          HelmRelease.of(configMap));
    } catch (KubernetesClientException e) {
      var explained = ClusterAccess.explained(e, config);
      throw e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
          ? new UnreadableClusterException(
              "the configuration of the release cannot be read: "
                  + explained.getMessage()
                  + "; who may get one ConfigMap only names it with --config-map, and --config names a copy in a file")
          : explained;
    }
  }

  /**
   * Those with the labels of the chart, else those whose webhooks are registered: a release may
   * have other labels, and a user may not list all ConfigMaps.
   */
  private static List<ConfigMap> releases(KubernetesClient client)
      throws UnreadableClusterException {
    KubernetesClientException refused = null;
    try {
      var labelled = labelled(client);
      if (!labelled.isEmpty()) {
        return labelled;
      }
    } catch (KubernetesClientException e) {
      refused = requireForbidden(e);
    }
    var registered = registered(client);
    if (registered.isEmpty() && refused != null) {
      throw refused;
    }
    return registered.orElse(List.of());
  }

  private static KubernetesClientException requireForbidden(KubernetesClientException e) {
    if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
      throw e;
    }
    return e;
  }

  /** Empty where the user may not know which webhooks are registered. */
  private static Optional<List<ConfigMap>> registered(KubernetesClient client)
      throws UnreadableClusterException {
    try {
      var services = services(client);
      var registered =
          services.stream()
              .map(service ->
                  client
                      .configMaps()
                      .inNamespace(service.getNamespace())
                      .withName(service.getName())
                      .get())
              .filter(configMap -> configMap != null && hasConfiguration(configMap))
              .toList();
      if (registered.isEmpty() && !services.isEmpty()) {
        throw new UnreadableClusterException(
            "webhooks of Gambeson are registered for the Service %s, but no ConfigMap of that name has the key %s; --config-map names another one"
                .formatted(
                    services.stream()
                        .map(service -> service.getNamespace() + "/" + service.getName())
                        .sorted()
                        .collect(Collectors.joining(", ")),
                    LiveConfiguration.KEY));
      }
      return Optional.of(registered);
    } catch (KubernetesClientException e) {
      requireForbidden(e);
      return Optional.empty();
    }
  }

  /** The Services of webhooks of ours: each has the name of its release's ConfigMap. */
  private static Collection<ServiceReference> services(KubernetesClient client) {
    var services = new HashMap<String, ServiceReference>();
    for (var configuration :
        client.admissionRegistration().v1().validatingWebhookConfigurations().list().getItems()) {
      for (var webhook : configuration.getWebhooks()) {
        var service = webhook.getClientConfig().getService();
        if (webhook.getName().endsWith(WEBHOOK) && service != null) {
          services.put(service.getNamespace() + "/" + service.getName(), service);
        }
      }
    }
    return services.values();
  }

  private static List<ConfigMap> labelled(KubernetesClient client) {
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
      throws UnreadableClusterException {
    if (releases.isEmpty()) {
      throw new NoReleaseException(
          ("there is no release of Gambeson in the cluster %s: no ConfigMap has the label %s=%s and the key %s;"
                  + " --config-map names one that has other labels")
              .formatted(config.getMasterUrl(), NAME_LABEL, NAME, LiveConfiguration.KEY));
    }
    if (releases.size() > 1) {
      throw new UnreadableClusterException(
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
      throws UnreadableClusterException {
    int slash = name.indexOf('/');
    var configMap =
        client
            .configMaps()
            .inNamespace(name.substring(0, slash))
            .withName(name.substring(slash + 1))
            .get();
    if (configMap == null || !hasConfiguration(configMap)) {
      throw new UnreadableClusterException(
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
}
