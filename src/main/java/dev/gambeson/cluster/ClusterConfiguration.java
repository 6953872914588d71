package dev.gambeson.cluster;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in the release's ConfigMap. The last one that was good is kept in the release's
 * Secret: a replica that starts with none or a bad one runs on it. Where nothing is kept, a replica
 * runs on the built-in one if there is no ConfigMap, and on none if there is a bad one.
 */
final class ClusterConfiguration {
  private final Watched<ConfigMap> configMap;
  private final ReleaseSecret secret;
  private final GambesonMetrics metrics;
  private final LiveConfiguration live;
  private final Attempts keeping;
  private @Nullable String good;
  private boolean unkept;
  private boolean recovered;

  ClusterConfiguration(
      Watched<ConfigMap> configMap,
      ReleaseSecret secret,
      InstantSource clock,
      GambesonMetrics metrics) {
    this.configMap = configMap;
    this.secret = secret;
    this.metrics = metrics;
    live = LiveConfiguration.builtIn(configMap.title(), clock);
    keeping = new Attempts("keeping the configuration in " + secret.watched().title(), clock);
  }

  /** What is wrong, a line each. */
  List<String> problems() {
    return Stream.concat(configMap.failure().stream(), keeping.failure().stream()).toList();
  }

  LiveConfiguration live() {
    return live;
  }

  /** One step towards what should be. */
  void reconcile() {
    if (!configMap.isKnown() || !secret.watched().isKnown()) {
      return;
    }
    var text = configMap.now().map(ConfigMap::getData).map(data -> data.get(LiveConfiguration.KEY));
    secret.watched().now().ifPresent(this::recover);
    if (text.isEmpty()) {
      live.miss(configMap.title() + " has no key " + LiveConfiguration.KEY);
    } else if (live.offer(text.get())) {
      good = text.get();
      unkept = true;
    }
    secret.watched().now().ifPresent(this::keep);
  }

  /** Only news: a replica that hears late must not bring back what was in force before. */
  private void keep(Secret present) {
    var kept = good;
    if (kept == null) {
      return;
    }
    var stored = ReleaseSecret.configuration(present);
    if (stored.isEmpty() || (unkept && !stored.get().equals(kept))) {
      unkept &= !keeping.run(() -> secret.store(present, kept), metrics::storeFailure);
    } else {
      unkept = false;
      keeping.succeed();
    }
  }

  /** At the start: what was good last stands behind what the ConfigMap says now. */
  private void recover(Secret present) {
    if (!recovered) {
      recovered = true;
      ReleaseSecret.configuration(present).ifPresent(live::recover);
    }
  }
}
