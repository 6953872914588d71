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
 * One replica's part in rotating certificates that all replicas share, without a leader. It decides
 * and remembers; storing and publishing is done elsewhere.
 *
 * <p>An authority is renewed at two thirds of its life; the new one is published beside the old,
 * and signs only once it was seen published for the settle time. Nobody signs beyond the life of an
 * authority, and none is dropped while it lives: so no certificate in use ever loses its trust.
 *
 * <p>The clock of a replica may be wrong, and jump. What it sees as expired may be valid for the
 * others, so an authority is dropped only where that would be wrong by more than a whole life of
 * it, and nobody takes from the trust what another whose clock is wrong has put there. What a
 * replica sees as not valid yet it does not sign with, and does not count on.
 */
public final class Rotation {
  private static final double RENEWAL = 2.0 / 3;

  /** Replicas renew at different moments, so that one is done before the others begin. */
  private static final double JITTER = 0.05;

  private final Times times;
  private final List<String> names;
  private final InstantSource clock;
  private final double renewal;

  private final Map<X509Certificate, Instant> publishedSince = new HashMap<>();
  private Authorities held = Authorities.NONE;
  private @Nullable Leaf leaf;

  /**
   * How long things last.
   *
   * @param authority the life of a CA
   * @param certificate the life of a serving certificate
   * @param settle how long a CA is published before it signs, for API servers that see it late
   */
  public record Times(Duration authority, Duration certificate, Duration settle) {
    public static final Times DEFAULTS =
        new Times(Duration.ofDays(365), Duration.ofDays(7), Duration.ofSeconds(60));
  }

  private record Leaf(ServingCertificate certificate, CertificateAuthority signer, Instant due) {}

  /**
   * Begins to take part.
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
   * What should be stored, where {@code stored} is: the same where there is nothing to change. Once
   * it is stored, {@link #hold} it.
   */
  public Authorities wanted(Authorities stored) {
    var now = clock.instant();
    var known = stored.and(held).keptAt(now);
    if (known.all().stream()
        .noneMatch(authority -> authority.isValidAt(now) && now.isBefore(due(authority)))) {
      return known.and(
          new Authorities(List.of(new CertificateAuthority(times.authority(), clock))));
    }
    return stored.containsAll(known.all()) ? stored : known;
  }

  /** Takes over what is stored. */
  public void hold(Authorities stored) {
    held = stored.and(held).keptAt(clock.instant());
  }

  /** The authorities that clients must trust. */
  public Authorities held() {
    return held.keptAt(clock.instant());
  }

  /**
   * Whether clients trust what they must, and nothing else but what is over.
   *
   * @param trusted what they do
   */
  public boolean isPublished(Collection<X509Certificate> trusted) {
    var now = clock.instant();
    return trusted.containsAll(held().certificates())
        && trusted.stream()
            .allMatch(certificate ->
                held.certificates().contains(certificate)
                    || (CertificateAuthority.isOurs(certificate)
                        && CertificateAuthority.isOver(certificate, now)));
  }

  /** Notes what every client of the webhooks was given to trust. */
  public void seePublished(Collection<X509Certificate> trusted) {
    publishedSince.keySet().retainAll(trusted);
    trusted.forEach(certificate -> publishedSince.putIfAbsent(certificate, clock.instant()));
  }

  /** The certificate to serve with, a new one where that is due; empty before the first CA. */
  public Optional<ServingCertificate> certificate() {
    var now = clock.instant();
    var signer = signer(now);
    if (signer.isEmpty()) {
      return Optional.ofNullable(leaf).map(Leaf::certificate);
    }
    var current = leaf;
    if (current == null || !current.signer.equals(signer.get()) || !now.isBefore(current.due)) {
      var issued = signer.get().issue(names, times.certificate());
      var life = Duration.between(now, issued.expiry());
      current = new Leaf(issued, signer.get(), now.plus(part(life)));
      leaf = current;
    }
    return Optional.of(current.certificate);
  }

  /** What shows that a clock is wrong, a line each. */
  public List<String> problems() {
    var now = clock.instant();
    return held.all().stream()
        .filter(authority -> now.isBefore(authority.start()))
        .map(authority ->
            "%s is not valid before %s: the clock here is wrong, or that of the replica which made it was"
                .formatted(authority, authority.start()))
        .toList();
  }

  /** Whether clients trust the certificate that is served. */
  public boolean isTrusted() {
    return leaf != null && publishedSince.containsKey(leaf.signer.certificate());
  }

  /**
   * The newest authority that has settled. Before any has, the one that signed last, else the
   * oldest that is published, unless it is about to end: it is the likeliest to be trusted
   * everywhere.
   */
  private Optional<CertificateAuthority> signer(Instant now) {
    var valid = held.all().stream().filter(authority -> authority.isValidAt(now)).toList();
    var settled =
        valid.stream()
            .filter(authority -> {
              var since = publishedSince.get(authority.certificate());
              return since != null && !now.isBefore(since.plus(times.settle()));
            })
            .max(Comparator.comparing(CertificateAuthority::made));
    if (settled.isPresent()) {
      return settled;
    }
    var last = leaf;
    if (last != null && valid.contains(last.signer)) {
      return Optional.of(last.signer);
    }
    var soon = now.plus(times.settle().multipliedBy(2));
    return valid.stream()
        .filter(authority -> publishedSince.containsKey(authority.certificate()))
        .filter(authority -> authority.isValidAt(soon))
        .findFirst()
        .or(() -> valid.stream().max(Comparator.comparing(CertificateAuthority::made)));
  }

  private Instant due(CertificateAuthority authority) {
    return authority.made().plus(part(authority.life()));
  }

  private Duration part(Duration life) {
    return Duration.ofMillis((long) (life.toMillis() * renewal));
  }
}
