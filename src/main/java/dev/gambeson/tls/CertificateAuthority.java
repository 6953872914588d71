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

/** A certificate authority of our own, ECDSA P-256 throughout. */
public final class CertificateAuthority {
  /**
   * Our clock may be ahead by this much, and a certificate that is made then is valid all the same
   * for API servers whose clock is right.
   */
  private static final Duration CLOCK_ERROR = Duration.ofDays(365);

  private static final X500Name AUTHORITY = new X500Name("CN=Gambeson CA");
  private static final X500Name SERVER = new X500Name("CN=Gambeson");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final InstantSource clock;
  private final PrivateKey key;
  private final X509Certificate certificate;

  /**
   * Makes an authority with a new key.
   *
   * @param life how long from now on its certificate is valid
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

  /** An authority that was made before. */
  CertificateAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** When it was made, by the clock of its maker. */
  Instant made() {
    return made(certificate);
  }

  /** From when on it is valid. */
  Instant start() {
    return certificate.getNotBefore().toInstant();
  }

  /** When nobody trusts it any longer. */
  Instant expiry() {
    return certificate.getNotAfter().toInstant();
  }

  /** How long it was made for. */
  Duration life() {
    return life(certificate);
  }

  boolean isValidAt(Instant moment) {
    return !moment.isBefore(start()) && moment.isBefore(expiry());
  }

  /**
   * Whether an authority with this certificate is over for good: expired so long ago that no clock
   * which is wrong by less than its life sees it as valid.
   */
  static boolean isOver(X509Certificate certificate, Instant moment) {
    return !moment.isBefore(certificate.getNotAfter().toInstant().plus(life(certificate)));
  }

  /** Whether a certificate is that of an authority as this class makes them. */
  static boolean isOurs(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName().equals(AUTHORITY.toString())
        && certificate.getBasicConstraints() >= 0
        && certificate.getPublicKey() instanceof ECPublicKey;
  }

  private static Instant made(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant().plus(CLOCK_ERROR);
  }

  private static Duration life(X509Certificate certificate) {
    return Duration.between(made(certificate), certificate.getNotAfter().toInstant());
  }

  /** Its private key in PEM (PKCS #8), not encrypted. */
  String keyPem() {
    return Pem.privateKey(key);
  }

  /**
   * Issues a certificate for a server, with a new key.
   *
   * @param names its DNS names and IP addresses; at least one
   * @param life how long from now on it is valid, never longer than the authority itself; from its
   *     start on it is, too
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

  /** Never the key. */
  @Override
  public String toString() {
    return "CA " + certificate.getSerialNumber().toString(16) + " until " + expiry();
  }
}
