package dev.gambeson.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemGenerationException;

/** Certificates and private keys as PEM (RFC 7468), to and from text. */
final class Pem {
  private Pem() {}

  static String certificates(List<X509Certificate> certificates) {
    return write(certificates);
  }

  static String privateKey(PrivateKey key) {
    try {
      return write(List.of(new JcaPKCS8Generator(key, null)));
    } catch (PemGenerationException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The certificates in a text, in order; other blocks are ignored.
   *
   * @throws IOException if a block cannot be read
   */
  static List<X509Certificate> readCertificates(String text) throws IOException {
    var certificates = new ArrayList<X509Certificate>();
    for (var block : blocks(text)) {
      if (block instanceof X509CertificateHolder holder) {
        try {
          certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (CertificateException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    }
    return certificates;
  }

  /**
   * The first private key in a text.
   *
   * @throws EncryptedKeyException if it is encrypted
   * @throws IOException if there is none, or it cannot be read
   */
  static PrivateKey readPrivateKey(String text) throws IOException {
    var keys = readPrivateKeys(text);
    if (keys.isEmpty()) {
      throw new IOException("no PRIVATE KEY block");
    }
    return keys.getFirst();
  }

  /**
   * The private keys in a text, in order: PKCS #8 ({@code PRIVATE KEY}) or the older {@code EC
   * PRIVATE KEY} and {@code RSA PRIVATE KEY}.
   *
   * @throws EncryptedKeyException if one is encrypted
   * @throws IOException if one cannot be read
   */
  static List<PrivateKey> readPrivateKeys(String text) throws IOException {
    var converter = new JcaPEMKeyConverter();
    var keys = new ArrayList<PrivateKey>();
    for (var block : blocks(text)) {
      switch (block) {
        case PrivateKeyInfo key -> keys.add(converter.getPrivateKey(key));
        case PEMKeyPair pair -> keys.add(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        case PEMEncryptedKeyPair encrypted -> throw new EncryptedKeyException();
        case PKCS8EncryptedPrivateKeyInfo encrypted -> throw new EncryptedKeyException();
        default -> {}
      }
    }
    return keys;
  }

  /** A private key is encrypted with a passphrase. */
  static final class EncryptedKeyException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static List<Object> blocks(String text) throws IOException {
    var blocks = new ArrayList<>();
    try (var parser = new PEMParser(new StringReader(text))) {
      for (var block = parser.readObject(); block != null; block = parser.readObject()) {
        blocks.add(block);
      }
    } catch (IllegalArgumentException e) {
      // Bouncy Castle throws this for bytes that are not valid ASN.1.
      throw new IOException(e.getMessage(), e);
    }
    return blocks;
  }

  private static String write(List<?> objects) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      for (var object : objects) {
        writer.writeObject(object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
