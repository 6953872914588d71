package dev.gambeson.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Objects;

/** A release of the chart, as Helm names it. */
public record HelmRelease(String name, String namespace) {
  private static final String NAME = "meta.helm.sh/release-name";
  private static final String INSTANCE = "app.kubernetes.io/instance";

  /** The release that the ConfigMap belongs to. */
  static HelmRelease of(ConfigMap configMap) {
    var metadata = configMap.getMetadata();
    var labels = Objects.requireNonNullElse(metadata.getLabels(), Map.<String, String>of());
    var annotations =
        Objects.requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of());
    return new HelmRelease(
        annotations.getOrDefault(NAME, labels.getOrDefault(INSTANCE, metadata.getName())),
        metadata.getNamespace());
  }
}
