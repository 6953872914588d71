package dev.gambeson.server;

import dev.gambeson.tls.ServingCertificate;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Clients with a certificate of a CA of their own. */
final class TestClients {
  private static final char[] NO_PASSWORD = {};
  private static final X500Name AUTHORITY = new X500Name("CN=clients");

  private final X509Certificate authority;
  private final X509Certificate certificate;
  private final KeyPair keys = newKeys();

  TestClients() throws GeneralSecurityException, IOException, OperatorCreationException {
    var authorityKeys = newKeys();
    authority = certificate(AUTHORITY, authorityKeys, authorityKeys.getPrivate(), true);
    certificate =
        certificate(new X500Name("CN=kube-apiserver"), keys, authorityKeys.getPrivate(), false);
  }

  String authorityPem() throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(authority);
    }
    return text.toString();
  }

  /** For clients that show their certificate, and trust the authorities of servers' ones. */
  SSLContext context(ServingCertificate... trusted) throws GeneralSecurityException, IOException {
    var store = newStore();
    store.setKeyEntry(
        "client", keys.getPrivate(), NO_PASSWORD, new X509Certificate[] {certificate, authority});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, NO_PASSWORD);
    return context(managers.getKeyManagers(), trusted);
  }

  /** For clients that show none. */
  static SSLContext trusting(ServingCertificate... trusted)
      throws GeneralSecurityException, IOException {
    return context(new KeyManager[0], trusted);
  }

  private static SSLContext context(KeyManager[] keys, ServingCertificate... trusted)
      throws GeneralSecurityException, IOException {
    var store = newStore();
    for (int i = 0; i < trusted.length; i++) {
      store.setCertificateEntry("ca-" + i, trusted[i].authorities().getFirst());
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(keys, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore newStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static KeyPair newKeys() {
    try {
      return KeyPairGenerator.getInstance("EC").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(
      X500Name subject, KeyPair keys, PrivateKey signer, boolean isAuthority)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
                AUTHORITY,
                isAuthority ? BigInteger.ONE : BigInteger.TWO,
                Date.from(now.minus(Duration.ofMinutes(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                keys.getPublic())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
  }
}
