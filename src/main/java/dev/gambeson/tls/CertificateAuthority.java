package dev.gambeson.tls;

import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate authority with ECDSA P-256 keys. */
public final class CertificateAuthority {
  /**
   * Certificates are backdated by this much. Even if the local clock is ahead, they are valid for
   * API servers whose clock is right.
   */
  private static final Duration CLOCK_ERROR = Duration.ofDays(365);

  private static final X500Name AUTHORITY = new X500Name("CN=Gambeson CA");
  private static final X500Name SERVER = new X500Name("CN=Gambeson");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final InstantSource clock;
  private final PrivateKey key;
  private final X509Certificate certificate;

  /**
   * Creates an authority with a new key.
   *
   * @param life how long its certificate is valid from now on
   */
  public CertificateAuthority(Duration life, InstantSource clock) {
    this.clock = clock;
    try {
      var keys = newKeys();
      var now = clock.instant();
      var builder = builder(AUTHORITY, now.minus(CLOCK_ERROR), now.plus(life), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      key = keys.getPrivate();
      certificate = sign(builder);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make ECDSA certificates", e);
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Restores an authority that was created before. */
  CertificateAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** When it was created, by the clock of the replica that created it. */
  Instant created() {
    return created(certificate);
  }

  Instant start() {
    return certificate.getNotBefore().toInstant();
  }

  Instant expiry() {
    return certificate.getNotAfter().toInstant();
  }

  /** The time from its creation to its expiry. */
  Duration life() {
    return life(certificate);
  }

  boolean isValidAt(Instant moment) {
    return !moment.isBefore(start()) && moment.isBefore(expiry());
  }

  /**
   * Whether a certificate expired so long ago that only a clock wrong by more than its whole life
   * sees it as valid.
   */
  static boolean isLongExpired(X509Certificate certificate, Instant moment) {
    return !moment.isBefore(certificate.getNotAfter().toInstant().plus(life(certificate)));
  }

  /** Whether a certificate looks like one that this class creates. */
  static boolean isOurs(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName().equals(AUTHORITY.toString())
        && certificate.getBasicConstraints() >= 0
        && certificate.getPublicKey() instanceof ECPublicKey;
  }

  private static Instant created(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant().plus(CLOCK_ERROR);
  }

  private static Duration life(X509Certificate certificate) {
    return Duration.between(created(certificate), certificate.getNotAfter().toInstant());
  }

  /** Its private key in PEM (PKCS #8), not encrypted. */
  String keyPem() {
    return Pem.privateKey(key);
  }

  /**
   * Issues a certificate for a server, with a new key.
   *
   * @param names its DNS names and IP addresses; at least one
   * @param life how long it is valid from now on; at most as long as the authority. It is backdated
   *     like the authority
   */
  public ServingCertificate issue(List<String> names, Duration life) {
    var end = clock.instant().plus(life);
    var authorityEnd = expiry();
    try {
      var leafKeys = newKeys();
      var builder =
          builder(
              SERVER,
              start(),
              end.isAfter(authorityEnd) ? authorityEnd : end,
              leafKeys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              names.stream().map(CertificateAuthority::name).toArray(GeneralName[]::new)));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions().createAuthorityKeyIdentifier(certificate.getPublicKey()));
      return new ServingCertificate(
          List.of(sign(builder)), leafKeys.getPrivate(), List.of(certificate));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make ECDSA certificates", e);
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JcaX509ExtensionUtils extensions() throws GeneralSecurityException {
    return new JcaX509ExtensionUtils();
  }

  private static X509v3CertificateBuilder builder(
      X500Name subject, Instant start, Instant end, PublicKey subjectKey)
      throws CertIOException, GeneralSecurityException {
    var serial = new BigInteger(127, RANDOM).add(BigInteger.ONE);
    return new JcaX509v3CertificateBuilder(
            AUTHORITY, serial, Date.from(start), Date.from(end), subject, subjectKey)
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            extensions().createSubjectKeyIdentifier(subjectKey));
  }

  private X509Certificate sign(X509v3CertificateBuilder builder)
      throws OperatorCreationException, GeneralSecurityException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static GeneralName name(String name) {
    return new GeneralName(
        IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CertificateAuthority authority
        && certificate.equals(authority.certificate);
  }

  @Override
  public int hashCode() {
    return certificate.hashCode();
  }

  /** Does not contain the key. */
  @Override
  public String toString() {
    return "CA " + certificate.getSerialNumber().toString(16) + " until " + expiry();
  }
}
