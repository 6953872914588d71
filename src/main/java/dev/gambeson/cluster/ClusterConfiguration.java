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
 * The configuration in the release's ConfigMap. The last good one is stored in the release's
 * Secret, and a replica uses it if the ConfigMap is missing or bad. Without it, a replica uses the
 * built-in configuration if the ConfigMap is missing, and does not become ready if it is bad.
 */
final class ClusterConfiguration {
  private final WatchedObject<ConfigMap> configMap;
  private final ReleaseSecret secret;
  private final GambesonMetrics metrics;
  private final LiveConfiguration live;
  private final RetriedWrite keeping;
  private @Nullable String good;
  private boolean unkept;
  private boolean recovered;

  ClusterConfiguration(
      WatchedObject<ConfigMap> configMap,
      ReleaseSecret secret,
      InstantSource clock,
      GambesonMetrics metrics) {
    this.configMap = configMap;
    this.secret = secret;
    this.metrics = metrics;
    live = LiveConfiguration.builtIn(configMap.title(), clock);
    keeping = new RetriedWrite("keeping the configuration in " + secret.watched().title(), clock);
  }

  /** One line for each problem. */
  List<String> problems() {
    return Stream.concat(configMap.failure().stream(), keeping.failure().stream()).toList();
  }

  LiveConfiguration live() {
    return live;
  }

  /** Takes one step towards the desired state. */
  void reconcile() {
    if (!configMap.isKnown() || !secret.watched().isKnown()) {
      return;
    }
    var text = configMap.now().map(ConfigMap::getData).map(data -> data.get(LiveConfiguration.KEY));
    secret.watched().now().ifPresent(this::recover);
    if (text.isEmpty()) {
      live.reportMissing(configMap.title() + " has no key " + LiveConfiguration.KEY);
    } else if (live.update(text.get())) {
      good = text.get();
      unkept = true;
    }
    secret.watched().now().ifPresent(this::keep);
  }

  /** Stores only a new text: a replica that is behind must not restore an older one. */
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

  /** At the start, falls back to the last good configuration. */
  private void recover(Secret present) {
    if (!recovered) {
      recovered = true;
      ReleaseSecret.configuration(present).ifPresent(live::recover);
    }
  }
}
