package dev.gambeson.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gambeson.tls.Authorities;
import dev.gambeson.tls.TlsException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The Secret of a release: its certificate authorities and the last good configuration. Writes name
 * the resource version that they change: if two replicas write, one wins and the other reads again.
 */
final class ReleaseSecret {
  static final String CERTIFICATES = "ca.crt";
  static final String KEYS = "ca.key";
  static final String CONFIGURATION = "last-good.yaml";

  private static final String FIELD_MANAGER = "gambeson";

  private final KubernetesClient client;
  private final Release release;
  private final InstantSource clock;
  private final WatchedObject<Secret> watched;

  ReleaseSecret(KubernetesClient client, Release release, InstantSource clock, Runnable onChange) {
    this.client = client;
    this.release = release;
    this.clock = clock;
    watched =
        new WatchedObject<>(
            "Secret " + release.namespace() + "/" + release.secret(),
            client.secrets().inNamespace(release.namespace()).withName(release.secret()),
            onChange);
  }

  WatchedObject<Secret> watched() {
    return watched;
  }

  /**
   * The authorities in it, if any.
   *
   * @throws TlsException if they cannot be read
   */
  Authorities authorities(Secret secret) throws TlsException {
    var certificates = entry(secret, CERTIFICATES);
    var keys = entry(secret, KEYS);
    return certificates.isEmpty() && keys.isEmpty()
        ? Authorities.NONE
        : Authorities.read(certificates.orElse(""), keys.orElse(""), clock);
  }

  /** The last good configuration. */
  static Optional<String> configuration(Secret secret) {
    return entry(secret, CONFIGURATION);
  }

  /** Replaces the authorities. */
  void store(Secret secret, Authorities authorities) {
    store(secret, Map.of(CERTIFICATES, authorities.certificatesPem(), KEYS, authorities.keysPem()));
  }

  /** Replaces the last good configuration. */
  void store(Secret secret, String configuration) {
    store(secret, Map.of(CONFIGURATION, configuration));
  }

  private static Optional<String> entry(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(key))
        .map(value -> new String(Base64.getDecoder().decode(value), UTF_8))
        .filter(value -> !value.isBlank());
  }

  /** Fails if another writer has changed the Secret. */
  private void store(Secret secret, Map<String, String> entries) {
    var changed = new SecretBuilder(secret);
    entries.forEach((key, value) ->
        changed.addToData(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8))));
    client.resource(changed.build()).update();
  }

  /**
   * Creates it without content. Uses server-side apply, since RBAC can allow that for a single
   * name, unlike a create.
   */
  void create() {
    var empty =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(release.namespace())
            .withName(release.secret())
            .endMetadata()
            .withType("Opaque")
            .build();
    client.resource(empty).fieldManager(FIELD_MANAGER).serverSideApply();
  }
}
