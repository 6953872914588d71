package dev.gambeson.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificate authorities that replicas share: the one that signs, and those that come before
 * and after it while they overlap.
 *
 * @param all without repetition, the oldest first: the same set is the same text in every replica
 */
public record Authorities(List<CertificateAuthority> all) {
  private static final Comparator<CertificateAuthority> OLDEST_FIRST =
      Comparator.comparing(CertificateAuthority::created)
          .thenComparing(authority -> authority.certificate().getSerialNumber());

  public static final Authorities NONE = new Authorities(List.of());

  public Authorities {
    all = all.stream().distinct().sorted(OLDEST_FIRST).toList();
  }

  /**
   * Reads authorities.
   *
   * @param certificates in PEM, one after the other
   * @param keys the private key of each, in the same order
   * @throws TlsException if they cannot be read, one is not of this class, or a key does not match
   *     its certificate
   */
  public static Authorities read(String certificates, String keys, InstantSource clock)
      throws TlsException {
    List<X509Certificate> parsed;
    try {
      parsed = Pem.readCertificates(certificates);
    } catch (IOException e) {
      throw new TlsException("the CA certificates cannot be read");
    }
    if (parsed.isEmpty()) {
      throw new TlsException("there is no CA certificate in PEM");
    }
    for (var certificate : parsed) {
      if (!CertificateAuthority.isOurs(certificate)) {
        throw new TlsException(
            "the certificate of \"%s\" is not that of a CA that Gambeson created; for certificates of another CA, install with certs.mode provided or certManager"
                .formatted(certificate.getSubjectX500Principal().getName()));
      }
    }
    try {
      var parsedKeys = Pem.readPrivateKeys(keys);
      if (parsedKeys.size() != parsed.size()) {
        throw new TlsException(
            "there are %d CA certificates and %d private keys"
                .formatted(parsed.size(), parsedKeys.size()));
      }
      var all = new ArrayList<CertificateAuthority>();
      for (int i = 0; i < parsed.size(); i++) {
        if (!KeyPairs.match(parsed.get(i).getPublicKey(), parsedKeys.get(i))) {
          throw new TlsException(
              "the private key at place "
                  + (i + 1)
                  + " does not match the CA certificate at the same place");
        }
        all.add(new CertificateAuthority(parsed.get(i), parsedKeys.get(i), clock));
      }
      return new Authorities(all);
    } catch (IOException e) {
      throw new TlsException("the private keys of the CA cannot be read");
    }
  }

  /** The certificates in a PEM text; none if they cannot be read. */
  public static List<X509Certificate> readCertificates(String text) {
    try {
      return Pem.readCertificates(text);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The certificates in PEM: what clients must trust. */
  public String certificatesPem() {
    return Pem.certificates(certificates());
  }

  /** The private keys in PEM (PKCS #8), not encrypted, in the order of the certificates. */
  public String keysPem() {
    return all.stream().map(CertificateAuthority::keyPem).collect(Collectors.joining());
  }

  public List<X509Certificate> certificates() {
    return all.stream().map(CertificateAuthority::certificate).toList();
  }

  public Authorities union(Authorities others) {
    return new Authorities(Stream.concat(all.stream(), others.all.stream()).toList());
  }

  /** The authorities that some replica may still see as valid, even if its clock is wrong. */
  Authorities withoutLongExpired(Instant moment) {
    return new Authorities(
        all.stream()
            .filter(each -> !CertificateAuthority.isLongExpired(each.certificate(), moment))
            .toList());
  }

  /** When the last of them expires; empty if there is none. */
  public Optional<Instant> expiry() {
    return all.stream().map(CertificateAuthority::expiry).max(Comparator.naturalOrder());
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  public boolean containsAll(Collection<CertificateAuthority> others) {
    return all.containsAll(others);
  }
}
