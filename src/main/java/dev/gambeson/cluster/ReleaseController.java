package dev.gambeson.cluster;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.tls.Rotation;
import dev.gambeson.tls.ServingCertificates;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs one replica with its release: at every change in the cluster, and every second for what
 * changes with time. There is no leader; each replica does the same.
 */
public final class ReleaseController implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseController.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LAST_STEP = Duration.ofSeconds(5);

  /** Short, since the controller retries. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The client doubles it five times: a broken watch is retried at least every five seconds. */
  private static final Duration WATCH_AGAIN = Duration.ofMillis(150);

  private final Semaphore changes = new Semaphore(0);
  private final ReleaseSecret secret;
  private final List<WebhookCaBundles<?>> webhooks;
  private final WatchedObject<?> configMap;
  private final List<WatchedObject<?>> watched;
  private final @Nullable ClusterCertificates certificates;
  private final ClusterConfiguration configuration;
  private final Thread thread = Thread.ofVirtual().name("release").unstarted(this::run);

  /**
   * Starts to watch the release.
   *
   * @param client stays open when the controller is closed
   */
  public ReleaseController(
      KubernetesClient client,
      Release release,
      Rotation.Times times,
      InstantSource clock,
      GambesonMetrics metrics) {
    secret = new ReleaseSecret(client, release, clock, changes::release);
    var trust = release.trust();
    webhooks =
        trust == null
            ? List.of()
            : WebhookCaBundles.of(client, trust.webhookConfigurations(), changes::release);
    var map =
        new WatchedObject<>(
            "ConfigMap " + release.namespace() + "/" + release.configMap(),
            client.configMaps().inNamespace(release.namespace()).withName(release.configMap()),
            changes::release);
    configMap = map;
    watched =
        Stream.concat(
                Stream.of(configMap, secret.watched()),
                webhooks.stream().<WatchedObject<?>>map(WebhookCaBundles::watched))
            .toList();
    metrics.showUnwatched(
        () -> (int) watched.stream().filter(each -> each.failure().isPresent()).count());
    certificates =
        trust == null
            ? null
            : new ClusterCertificates(secret, webhooks, trust.dnsNames(), times, clock, metrics);
    configuration = new ClusterConfiguration(map, secret, clock, metrics);
    thread.start();
  }

  /** A client with the timeouts that the controller needs. */
  public static KubernetesClient client(Config config) {
    config.setConnectionTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    config.setRequestTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    config.setRequestRetryBackoffLimit(0);
    config.setWatchReconnectInterval(Math.toIntExact(WATCH_AGAIN.toMillis()));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Deletes both webhook configurations of that name; does nothing if there are none. */
  public static void unregister(KubernetesClient client, String name) {
    var api = client.admissionRegistration().v1();
    api.validatingWebhookConfigurations().withName(name).delete();
    api.mutatingWebhookConfigurations().withName(name).delete();
  }

  /** The certificates of this replica; empty if they are not managed here. */
  public Optional<ServingCertificates> certificates() {
    return Optional.ofNullable(certificates);
  }

  public LiveConfiguration.State configuration() {
    return configuration.live().state();
  }

  /** What is wrong with the configuration's source, a line each. */
  public List<String> problems() {
    return configuration.problems();
  }

  /** Stops watching, and abandons a write that is in progress. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(LAST_STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watched.forEach(WatchedObject::close);
  }

  private void run() {
    try {
      while (true) {
        try {
          watched.forEach(WatchedObject::keepWatching);
          configuration.reconcile();
          if (certificates != null) {
            certificates.reconcile();
          }
        } catch (RuntimeException e) {
          LOG.error("the release could not be synced; retrying in a second", e);
        }
        var _ = changes.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
        changes.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.debug("the release is no longer synced");
    }
  }
}
