package dev.gambeson.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** What is not taken for an authority to sign with, and how that is said. */
class AuthoritiesTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T08:00:00Z"));
  private static final String NOT_OURS =
      "the certificate of \"%s\" is not that of a CA that Gambeson created; for certificates of another CA, install with certs.mode provided or certManager";

  private final CertificateAuthority ours = new CertificateAuthority(Duration.ofDays(1), CLOCK);
  private final CertificateAuthority other = new CertificateAuthority(Duration.ofDays(1), CLOCK);

  @Test
  void aCertificateWithoutItsKey() {
    assertFails(ours.certificate(), "", "there are 1 CA certificates and 0 private keys");
    assertFails(
        ours.certificate(),
        other.keyPem(),
        "the private key at place 1 does not match the CA certificate at the same place");
  }

  @Test
  void anAuthorityFromElsewhereWithItsKey() throws Exception {
    var keys = KeyPairGenerator.getInstance("EC").generateKeyPair();

    assertFails(
        certificate("CN=Example Root", "SHA256withECDSA", keys, true),
        Pem.privateKey(keys.getPrivate()),
        NOT_OURS.formatted("CN=Example Root"));
  }

  @Test
  void aCertificateOfOurNameThatCannotSignAsOursDo() throws Exception {
    var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    assertFails(
        certificate("CN=Gambeson CA", "SHA256withRSA", rsa, true),
        Pem.privateKey(rsa.getPrivate()),
        NOT_OURS.formatted("CN=Gambeson CA"));

    var keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    assertFails(
        certificate("CN=Gambeson CA", "SHA256withECDSA", keys, false),
        Pem.privateKey(keys.getPrivate()),
        NOT_OURS.formatted("CN=Gambeson CA"));
  }

  private static void assertFails(X509Certificate certificate, String keys, String message) {
    assertThatThrownBy(() -> Authorities.read(Pem.certificates(List.of(certificate)), keys, CLOCK))
        .isInstanceOf(TlsException.class)
        .hasMessage(message);
  }

  private static X509Certificate certificate(
      String name, String algorithm, KeyPair keys, boolean isAuthority) throws Exception {
    var now = CLOCK.instant();
    var builder =
        new JcaX509v3CertificateBuilder(
                new X500Name(name),
                BigInteger.ONE,
                Date.from(now),
                Date.from(now.plus(Duration.ofDays(1))),
                new X500Name(name),
                keys.getPublic())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate())));
  }
}
