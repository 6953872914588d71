package dev.gambeson.tls;

import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
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

/** A certificate authority of our own, ECDSA P-256 throughout; its private key stays in memory. */
public final class CertificateAuthority {
  /** Clocks of API servers may be behind ours by this much. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private static final X500Name AUTHORITY = new X500Name("CN=Gambeson CA");
  private static final X500Name SERVER = new X500Name("CN=Gambeson");

  private final SecureRandom random = new SecureRandom();
  private final JcaX509ExtensionUtils extensions;
  private final InstantSource clock;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /**
   * Makes an authority with a new key.
   *
   * @param life how long from now on its certificate is valid
   */
  public CertificateAuthority(Duration life, InstantSource clock) {
    this.clock = clock;
    try {
      extensions = new JcaX509ExtensionUtils();
      keys = newKeys();
      var builder = builder(AUTHORITY, clock.instant().plus(life), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      certificate = sign(builder);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make ECDSA certificates", e);
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Issues a certificate for a server, with a new key.
   *
   * @param names its DNS names and IP addresses; at least one
   * @param life how long from now on it is valid; never longer than the authority itself
   */
  public ServingCertificate issue(List<String> names, Duration life) {
    var end = clock.instant().plus(life);
    var authorityEnd = certificate.getNotAfter().toInstant();
    try {
      var leafKeys = newKeys();
      var builder =
          builder(SERVER, end.isAfter(authorityEnd) ? authorityEnd : end, leafKeys.getPublic());
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
          extensions.createAuthorityKeyIdentifier(keys.getPublic()));
      return new ServingCertificate(
          List.of(sign(builder)), leafKeys.getPrivate(), List.of(certificate));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make ECDSA certificates", e);
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private X509v3CertificateBuilder builder(X500Name subject, Instant end, PublicKey key)
      throws CertIOException {
    var serial = new BigInteger(127, random).add(BigInteger.ONE);
    var start = clock.instant().minus(CLOCK_SKEW);
    return new JcaX509v3CertificateBuilder(
            AUTHORITY, serial, Date.from(start), Date.from(end), subject, key)
        .addExtension(
            Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
  }

  private X509Certificate sign(X509v3CertificateBuilder builder)
      throws OperatorCreationException, GeneralSecurityException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static GeneralName name(String name) {
    return new GeneralName(
        IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }
}
