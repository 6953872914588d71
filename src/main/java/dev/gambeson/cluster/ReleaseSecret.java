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
 * The Secret of a release: its certificate authorities, and the last configuration that was good.
 * Writes state which version they change, so that of two replicas one wins and the other looks
 * again.
 */
final class ReleaseSecret {
  static final String CERTIFICATES = "ca.crt";
  static final String KEYS = "ca.key";
  static final String CONFIGURATION = "last-good.yaml";

  private static final String FIELD_MANAGER = "gambeson";

  private final KubernetesClient client;
  private final Release release;
  private final InstantSource clock;
  private final Watched<Secret> watched;

  ReleaseSecret(KubernetesClient client, Release release, InstantSource clock, Runnable onChange) {
    this.client = client;
    this.release = release;
    this.clock = clock;
    watched =
        new Watched<>(
            "Secret " + release.namespace() + "/" + release.secret(),
            client.secrets().inNamespace(release.namespace()).withName(release.secret()),
            onChange);
  }

  Watched<Secret> watched() {
    return watched;
  }

  /**
   * The authorities in it; none where it holds none.
   *
   * @throws TlsException if what it holds cannot be read
   */
  Authorities authorities(Secret secret) throws TlsException {
    var certificates = entry(secret, CERTIFICATES);
    var keys = entry(secret, KEYS);
    return certificates.isEmpty() && keys.isEmpty()
        ? Authorities.NONE
        : Authorities.read(certificates.orElse(""), keys.orElse(""), clock);
  }

  /** The last good configuration, as text. */
  static Optional<String> configuration(Secret secret) {
    return entry(secret, CONFIGURATION);
  }

  /** Stores authorities in the place of those that are there. */
  void store(Secret secret, Authorities authorities) {
    store(secret, Map.of(CERTIFICATES, authorities.certificatesPem(), KEYS, authorities.keysPem()));
  }

  /** Stores a configuration that is good. */
  void store(Secret secret, String configuration) {
    store(secret, Map.of(CONFIGURATION, configuration));
  }

  private static Optional<String> entry(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(key))
        .map(value -> new String(Base64.getDecoder().decode(value), UTF_8))
        .filter(value -> !value.isBlank());
  }

  /** Fails where the Secret is not what it was: somebody else has changed it. */
  private void store(Secret secret, Map<String, String> entries) {
    var changed = new SecretBuilder(secret);
    entries.forEach((key, value) ->
        changed.addToData(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8))));
    client.resource(changed.build()).update();
  }

  /**
   * Creates it without content, which is stored once it is there. By server-side apply: RBAC can
   * allow that for one name, and not a plain create.
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
