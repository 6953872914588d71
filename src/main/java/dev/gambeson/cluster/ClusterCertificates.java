package dev.gambeson.cluster;

import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.tls.Authorities;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.Rotation;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.ServingCertificates;
import dev.gambeson.tls.TlsException;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manages the certificates of a release: the authorities in its Secret, the {@code caBundle} of its
 * webhook configurations, and a short-lived certificate for this replica. If something fails, the
 * replica continues with what it has.
 */
final class ClusterCertificates implements ServingCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterCertificates.class);

  private final ReleaseSecret secret;
  private final List<WebhookCaBundles<?>> webhooks;
  private final Rotation rotation;
  private final GambesonMetrics metrics;
  private final RetriedWrite storing;
  private final List<RetriedWrite> publishing;
  private final List<Consumer<ServingCertificate>> listeners = new CopyOnWriteArrayList<>();
  private volatile State state;
  private volatile Instant authorityExpiry = Instant.EPOCH;
  private @Nullable String malformed;

  ClusterCertificates(
      ReleaseSecret secret,
      List<WebhookCaBundles<?>> webhooks,
      List<String> dnsNames,
      Rotation.Times times,
      InstantSource clock,
      GambesonMetrics metrics) {
    this.secret = secret;
    this.webhooks = List.copyOf(webhooks);
    this.metrics = metrics;
    rotation = new Rotation(times, dnsNames, clock, RandomGenerator.getDefault());
    storing = new RetriedWrite("storing in " + secret.watched().title(), clock);
    publishing =
        webhooks.stream()
            .map(webhook ->
                new RetriedWrite("publishing the CA in " + webhook.watched().title(), clock))
            .toList();
    var provisional =
        new CertificateAuthority(times.certificate(), clock).issue(dnsNames, times.certificate());
    state = new State(provisional, false, List.of("there is no CA yet"));
    metrics.showAuthorityExpiry(() -> authorityExpiry);
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public void onChange(Consumer<ServingCertificate> listener) {
    listeners.add(listener);
  }

  /** Takes one step towards the desired state. */
  void reconcile() {
    share();
    publish();
    observe();
    serve();
  }

  /** Syncs the authorities of this replica and the Secret. */
  private void share() {
    if (!secret.watched().isKnown()) {
      return;
    }
    var present = secret.watched().now();
    if (present.isEmpty()) {
      storing.run(secret::create, metrics::storeFailure);
      return;
    }
    var stored = stored(present.get());
    if (!stored.isEmpty()) {
      rotation.adopt(stored);
    }
    var wanted = rotation.desired(stored);
    if (wanted.equals(stored)) {
      storing.succeed();
    } else if (storing.run(() -> secret.store(present.get(), wanted), metrics::storeFailure)) {
      rotation.adopt(wanted);
      wanted.all().stream()
          .filter(authority -> !stored.all().contains(authority))
          .forEach(authority -> LOG.info("stored {} in {}", authority, secret.watched().title()));
    }
  }

  private Authorities stored(Secret present) {
    try {
      var stored = secret.authorities(present);
      malformed = null;
      return stored;
    } catch (TlsException e) {
      var problem = secret.watched().title() + " is rewritten: " + e.getMessage();
      if (!problem.equals(malformed)) {
        LOG.error(problem);
      }
      malformed = problem;
      return Authorities.NONE;
    }
  }

  /** Makes the API server trust the authorities. */
  private void publish() {
    if (rotation.held().isEmpty()) {
      return;
    }
    for (int i = 0; i < webhooks.size(); i++) {
      var webhook = webhooks.get(i);
      var attempts = publishing.get(i);
      if (!webhook.differs(rotation)) {
        attempts.succeed();
      } else if (attempts.run(() -> webhook.publish(rotation.held()), metrics::publishFailure)) {
        LOG.info("published {} CA in {}", rotation.held().all().size(), webhook.watched().title());
      }
    }
  }

  /** Records the certificates that the API server trusts for all webhooks. */
  private void observe() {
    var everywhere = new ArrayList<Set<X509Certificate>>();
    webhooks.forEach(webhook -> webhook.trusted().ifPresent(everywhere::add));
    rotation.recordPublished(
        everywhere.stream()
            .reduce((some, others) -> {
              var both = new HashSet<>(some);
              both.retainAll(others);
              return both;
            })
            .orElse(Set.of()));
  }

  private void serve() {
    authorityExpiry = rotation.held().expiry().orElse(Instant.EPOCH);
    var before = state.certificate();
    var certificate = rotation.certificate().orElse(before);
    state = new State(certificate, rotation.isTrusted(), problems());
    if (!certificate.equals(before)) {
      LOG.info("serving with a new certificate until {}", certificate.expiry());
      metrics.rotation();
      listeners.forEach(listener -> listener.accept(certificate));
    }
  }

  private List<String> problems() {
    return Stream.of(
            Optional.ofNullable(malformed).stream(),
            secret.watched().failure().stream(),
            rotation.problems().stream(),
            storing.failure().stream(),
            publishing.stream().flatMap(attempts -> attempts.failure().stream()),
            webhooks.stream().flatMap(webhook -> webhook.watched().failure().stream()),
            webhooks.stream()
                .filter(webhook -> webhook.watched().isKnown() && webhook.trusted().isEmpty())
                .map(webhook -> "there is no " + webhook.watched().title()))
        .flatMap(problems -> problems)
        .toList();
  }
}
