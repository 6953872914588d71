package dev.gambeson.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Rotates the certificates that all replicas share, without a leader. Each replica has one. It
 * decides and remembers; it does not store or publish.
 *
 * <p>An authority is renewed at two thirds of its life. The new one is published beside the old
 * one, and signs only after it has been published for the settle time. No certificate outlives its
 * authority, and no authority is dropped while it is valid. So clients trust every certificate in
 * use.
 *
 * <p>The clock of a replica may be wrong, and it may jump. An authority that is expired for one
 * replica may be valid for another. So a replica drops an authority only if its own clock would
 * have to be wrong by more than the whole life of the authority, and it never removes a trusted
 * authority that another replica added. It does not sign with an authority that is not valid yet.
 */
public final class Rotation {
  private static final double RENEWAL = 2.0 / 3;

  /** Replicas renew at different times, so that one is done before the others start. */
  private static final double JITTER = 0.05;

  private final Times times;
  private final List<String> names;
  private final InstantSource clock;
  private final double renewal;

  private final Map<X509Certificate, Instant> publishedSince = new HashMap<>();
  private Authorities held = Authorities.NONE;
  private @Nullable Served served;

  /**
   * The lifetimes.
   *
   * @param authority of a CA
   * @param certificate of a serving certificate
   * @param settle how long a CA is published before it signs, for API servers that see it late
   */
  public record Times(Duration authority, Duration certificate, Duration settle) {
    public static final Times DEFAULTS =
        new Times(Duration.ofDays(365), Duration.ofDays(7), Duration.ofSeconds(60));
  }

  private record Served(ServingCertificate certificate, CertificateAuthority signer, Instant due) {}

  /**
   * Starts without authorities.
   *
   * @param names the DNS names of the server
   */
  public Rotation(Times times, List<String> names, InstantSource clock, RandomGenerator random) {
    this.times = times;
    this.names = List.copyOf(names);
    this.clock = clock;
    this.renewal = RENEWAL - JITTER * random.nextDouble();
  }

  /**
   * The authorities that should be stored instead of {@code stored}; the same if nothing is to
   * change. After storing them, call {@link #adopt}.
   */
  public Authorities desired(Authorities stored) {
    var now = clock.instant();
    var known = stored.union(held).withoutLongExpired(now);
    if (known.all().stream()
        .noneMatch(authority -> authority.isValidAt(now) && now.isBefore(due(authority)))) {
      return known.union(
          new Authorities(List.of(new CertificateAuthority(times.authority(), clock))));
    }
    return stored.containsAll(known.all()) ? stored : known;
  }

  /** Takes over the stored authorities. */
  public void adopt(Authorities stored) {
    held = stored.union(held).withoutLongExpired(clock.instant());
  }

  /** The authorities that clients must trust. */
  public Authorities held() {
    return held.withoutLongExpired(clock.instant());
  }

  /**
   * Whether clients trust all authorities, and besides them only some that expired long ago.
   *
   * @param trusted the certificates that they trust
   */
  public boolean isPublished(Collection<X509Certificate> trusted) {
    var now = clock.instant();
    return trusted.containsAll(held().certificates())
        && trusted.stream()
            .allMatch(certificate ->
                held.certificates().contains(certificate)
                    || (CertificateAuthority.isOurs(certificate)
                        && CertificateAuthority.isLongExpired(certificate, now)));
  }

  /** Records the certificates that all clients of the webhooks are told to trust. */
  public void recordPublished(Collection<X509Certificate> trusted) {
    publishedSince.keySet().retainAll(trusted);
    trusted.forEach(certificate -> publishedSince.putIfAbsent(certificate, clock.instant()));
  }

  /** The certificate to serve with, renewed if that is due; empty before the first CA. */
  public Optional<ServingCertificate> certificate() {
    var now = clock.instant();
    var signer = signer(now);
    if (signer.isEmpty()) {
      return Optional.ofNullable(served).map(Served::certificate);
    }
    var current = served;
    if (current == null || !current.signer.equals(signer.get()) || !now.isBefore(current.due)) {
      var issued = signer.get().issue(names, times.certificate());
      var life = Duration.between(now, issued.expiry());
      current = new Served(issued, signer.get(), now.plus(renewalAge(life)));
      served = current;
    }
    return Optional.of(current.certificate);
  }

  /** Signs of a wrong clock, a line each. */
  public List<String> problems() {
    var now = clock.instant();
    return held.all().stream()
        .filter(authority -> now.isBefore(authority.start()))
        .map(authority ->
            "%s is not valid before %s: the clock of this replica is wrong, or the clock of the replica that created it was"
                .formatted(authority, authority.start()))
        .toList();
  }

  /** Whether clients trust the certificate that is served. */
  public boolean isTrusted() {
    return served != null && publishedSince.containsKey(served.signer.certificate());
  }

  /**
   * The newest authority that has settled. If none has: the one that signed last, or else the
   * oldest published one that does not expire soon, since most clients trust that one.
   */
  private Optional<CertificateAuthority> signer(Instant now) {
    var valid = held.all().stream().filter(authority -> authority.isValidAt(now)).toList();
    var settled =
        valid.stream()
            .filter(authority -> {
              var since = publishedSince.get(authority.certificate());
              return since != null && !now.isBefore(since.plus(times.settle()));
            })
            .max(Comparator.comparing(CertificateAuthority::created));
    if (settled.isPresent()) {
      return settled;
    }
    var last = served;
    if (last != null && valid.contains(last.signer)) {
      return Optional.of(last.signer);
    }
    var soon = now.plus(times.settle().multipliedBy(2));
    return valid.stream()
        .filter(authority -> publishedSince.containsKey(authority.certificate()))
        .filter(authority -> authority.isValidAt(soon))
        .findFirst()
        .or(() -> valid.stream().max(Comparator.comparing(CertificateAuthority::created)));
  }

  private Instant due(CertificateAuthority authority) {
    return authority.created().plus(renewalAge(authority.life()));
  }

  private Duration renewalAge(Duration life) {
    return Duration.ofMillis((long) (life.toMillis() * renewal));
  }
}
