package dev.gambeson.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The certificate of a TLS server, with its key.
 *
 * @param chain its certificate, then the intermediates up to an authority; never empty
 * @param key the private key of the first certificate
 * @param authorities the certificates that a client must trust; never empty
 */
public record ServingCertificate(
    List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
  public ServingCertificate {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /** When clients stop accepting the chain. */
  public Instant expiry() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** The DNS names and IP addresses that the certificate is for. */
  public List<String> names() {
    try {
      var names = chain.getFirst().getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  public String chainPem() {
    return Pem.certificates(chain);
  }

  /** PKCS #8, not encrypted. */
  public String keyPem() {
    return Pem.privateKey(key);
  }

  /** Base64 encoded, this is the {@code caBundle} of a webhook configuration. */
  public String authoritiesPem() {
    return Pem.certificates(authorities);
  }

  /** Does not contain the key. */
  @Override
  public String toString() {
    return "ServingCertificate" + names();
  }
}
