package dev.gambeson.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --tls-dir} reads, and how it says what is wrong. */
class TlsDirectoryTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final CertificateAuthority AUTHORITY =
      new CertificateAuthority(YEAR, InstantSource.fixed(NOW));
  private static final ServingCertificate CERTIFICATE =
      AUTHORITY.issue(List.of("gambeson.gambeson-system.svc", "10.0.0.1", "::1"), YEAR);

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    new TlsDirectory(folder).write(CERTIFICATE);
  }

  @Test
  void whatWasWrittenIsRead() throws TlsException {
    var loaded = load();

    assertThat(loaded).isEqualTo(CERTIFICATE);
    assertThat(loaded.names())
        .containsExactly("gambeson.gambeson-system.svc", "10.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(loaded.expiry()).isEqualTo(NOW.plus(YEAR));
  }

  @Test
  void onlyTheOwnerReadsTheKey() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("tls.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void theCertificateIsForServersAndAllowsForAClockAhead() throws Exception {
    var leaf = CERTIFICATE.chain().getFirst();

    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getNotBefore()).isEqualTo(NOW.minus(YEAR));
    assertThat(leaf.getSerialNumber()).isNotEqualTo(AUTHORITY.certificate().getSerialNumber());
    assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(AUTHORITY.certificate().getBasicConstraints()).isZero();
  }

  @Test
  void theCertificateNeverOutlivesItsAuthority() {
    assertThat(AUTHORITY.issue(List.of("a"), YEAR.multipliedBy(2)).expiry())
        .isEqualTo(NOW.plus(YEAR));
  }

  @Test
  void openSslVerifiesTheChainAndTheName() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "there is no openssl");
    var process =
        new ProcessBuilder(
                "/usr/bin/openssl",
                "verify",
                "-attime",
                String.valueOf(NOW.getEpochSecond()),
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-verify_hostname",
                "gambeson.gambeson-system.svc",
                "-CAfile",
                file("ca.crt").toString(),
                file("tls.crt").toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .endsWith("tls.crt: OK\n");
  }

  @Test
  void theKeyMayBeInTheOlderFormOfOpenSsl() throws Exception {
    var curve = SECObjectIdentifiers.secp256r1;
    var scalar = ((java.security.interfaces.ECPrivateKey) CERTIFICATE.key()).getS();
    var text = new StringWriter();
    try (var writer = new PemWriter(text)) {
      writer.writeObject(new PemObject("EC PARAMETERS", curve.getEncoded()));
      writer.writeObject(
          new PemObject(
              "EC PRIVATE KEY",
              new ECPrivateKey(256, scalar, new X962Parameters(curve)).getEncoded()));
    }
    Files.writeString(file("tls.key"), text.toString());

    assertThat(load().key()).isInstanceOf(java.security.interfaces.ECPrivateKey.class);
  }

  @Test
  void aMissingFileOrFolder() throws IOException {
    for (var name : List.of("ca.crt", "tls.key", "tls.crt")) {
      Files.delete(file(name));
      assertFails(file(name) + " is missing");
    }
    assertThatThrownBy(() -> new TlsDirectory(folder.resolve("nothing")).load(NOW))
        .hasMessage("there is no directory " + folder.resolve("nothing"));
  }

  @Test
  void filesThatHoldSomethingElse() throws IOException {
    Files.writeString(file("tls.crt"), "");
    assertFails(file("tls.crt") + " contains no PEM certificate");

    Files.writeString(
        file("tls.crt"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(TlsException.class)
        .hasMessageStartingWith(file("tls.crt") + " contains a certificate that cannot be read: ");

    write();
    Files.writeString(file("tls.key"), CERTIFICATE.chainPem());
    assertFails(file("tls.key") + " contains no readable PEM private key");
  }

  @Test
  void anEncryptedKey() throws Exception {
    var encryptor =
        new JceOpenSSLPKCS8EncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
            .setProvider(new BouncyCastleProvider())
            .setPassword("secret".toCharArray())
            .build();
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(new JcaPKCS8Generator(CERTIFICATE.key(), encryptor));
    }
    Files.writeString(file("tls.key"), text.toString());

    assertFails(
        file("tls.key")
            + " is encrypted: give the key without a passphrase (openssl pkey -in FILE)");
  }

  @Test
  void aKeyThatDoesNotFit() throws Exception {
    Files.writeString(file("tls.key"), AUTHORITY.issue(List.of("a"), YEAR).keyPem());
    var message =
        file("tls.key") + " is not the key of the first certificate in " + file("tls.crt");
    assertFails(message);

    var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    Files.writeString(file("tls.key"), Pem.privateKey(rsa));
    assertFails(message);
  }

  @Test
  void aCertificateOutsideItsTime() {
    var late = NOW.plus(YEAR).plusSeconds(1);
    assertThatThrownBy(() -> new TlsDirectory(folder).load(late))
        .hasMessage(file("tls.crt") + " has expired on 2027-11-21T08:00:00Z");

    var early = NOW.minus(YEAR).minusSeconds(1);
    assertThatThrownBy(() -> new TlsDirectory(folder).load(early))
        .hasMessage(
            file("tls.crt")
                + " is not valid before 2025-11-21T08:00:00Z, and now it is 2025-11-21T07:59:59Z");
  }

  @Test
  void aCertificateOfAnotherAuthority() throws IOException {
    var other = new CertificateAuthority(YEAR, InstantSource.fixed(NOW));
    Files.writeString(file("ca.crt"), Pem.certificates(List.of(other.certificate())));

    assertThatThrownBy(this::load)
        .isInstanceOf(TlsException.class)
        .hasMessageStartingWith(
            "the certificate in "
                + file("tls.crt")
                + " does not chain to "
                + file("ca.crt")
                + ": ");
  }

  @Test
  void anAuthorityInTheChainOrServingItselfIsFine() throws Exception {
    Files.writeString(file("tls.crt"), CERTIFICATE.chainPem() + CERTIFICATE.authoritiesPem());
    assertThat(load().chain()).hasSize(2);

    Files.writeString(file("ca.crt"), CERTIFICATE.chainPem());
    assertThat(load().authorities()).hasSize(1);
  }

  private ServingCertificate load() throws TlsException {
    return new TlsDirectory(folder).load(NOW);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private void assertFails(String message) {
    assertThatThrownBy(this::load).isInstanceOf(TlsException.class).hasMessage(message);
  }
}
