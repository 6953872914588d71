package dev.gambeson.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A file with certificates or a private key in PEM. */
record PemFile(Path path) {

  /**
   * The certificates in it, at least one.
   *
   * @throws TlsException if the file cannot be read, or contains none
   */
  List<X509Certificate> certificates() throws TlsException {
    List<X509Certificate> certificates;
    try {
      certificates = Pem.readCertificates(text());
    } catch (IOException e) {
      throw new TlsException(
          path + " contains a certificate that cannot be read: " + e.getMessage());
    }
    if (certificates.isEmpty()) {
      throw new TlsException(path + " contains no PEM certificate");
    }
    return certificates;
  }

  /**
   * The first private key in it.
   *
   * @throws TlsException if the file cannot be read, or contains none
   */
  PrivateKey privateKey() throws TlsException {
    try {
      return Pem.readPrivateKey(text());
    } catch (Pem.EncryptedKeyException e) {
      throw new TlsException(
          path + " is encrypted: give the key without a passphrase (openssl pkey -in FILE)");
    } catch (IOException e) {
      throw new TlsException(path + " contains no readable PEM private key");
    }
  }

  private String text() throws TlsException {
    try {
      return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      var folder = path.toAbsolutePath().getParent();
      throw new TlsException(
          folder == null || Files.isDirectory(folder)
              ? path + " is missing"
              : "there is no directory " + path.getParent());
    } catch (AccessDeniedException e) {
      throw new TlsException(path + " is not readable for the user of this process");
    } catch (IOException e) {
      throw new TlsException(path + " cannot be read: " + e.getMessage());
    }
  }
}
