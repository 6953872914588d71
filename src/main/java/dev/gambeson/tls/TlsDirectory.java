package dev.gambeson.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with a serving certificate, as a {@code kubernetes.io/tls} Secret mounts it: {@value
 * #CHAIN}, {@value #KEY} and {@value #AUTHORITIES}.
 *
 * @param folder of the files
 */
public record TlsDirectory(Path folder) {
  public static final String CHAIN = "tls.crt";
  public static final String KEY = "tls.key";
  public static final String AUTHORITIES = "ca.crt";

  /** The files that exist. */
  public List<Path> present() {
    return Stream.of(CHAIN, KEY, AUTHORITIES).map(folder::resolve).filter(Files::exists).toList();
  }

  /**
   * Reads the certificate.
   *
   * @param now when it must be valid
   * @throws TlsException if a file is missing or unreadable, the key does not match, the
   *     certificate is not valid now, or it does not chain to the authorities
   */
  public ServingCertificate load(Instant now) throws TlsException {
    var chain = file(CHAIN).certificates();
    var key = file(KEY).privateKey();
    var authorities = file(AUTHORITIES).certificates();
    requireMatch(chain.getFirst(), key);
    for (var certificate : chain) {
      requireValid(certificate, now);
    }
    requireTrusted(chain, authorities, now);
    return new ServingCertificate(chain, key, authorities);
  }

  /** Writes the certificate and replaces existing files; only the owner can read the key. */
  public void write(ServingCertificate certificate) throws IOException {
    Files.createDirectories(folder);
    writePrivate(folder.resolve(KEY), certificate.keyPem());
    Files.writeString(folder.resolve(CHAIN), certificate.chainPem());
    Files.writeString(folder.resolve(AUTHORITIES), certificate.authoritiesPem());
  }

  private PemFile file(String name) {
    return new PemFile(folder.resolve(name));
  }

  private static void writePrivate(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    var permissions =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
      channel.write(StandardCharsets.UTF_8.encode(text));
    }
  }

  private void requireMatch(X509Certificate certificate, PrivateKey key) throws TlsException {
    if (KeyPairs.algorithm(key).isEmpty()) {
      throw new TlsException(
          folder.resolve(KEY) + " is a key for " + key.getAlgorithm() + ": use EC or RSA");
    }
    if (!KeyPairs.match(certificate.getPublicKey(), key)) {
      throw new TlsException(
          folder.resolve(KEY)
              + " is not the key of the first certificate in "
              + folder.resolve(CHAIN));
    }
  }

  private void requireValid(X509Certificate certificate, Instant now) throws TlsException {
    var start = certificate.getNotBefore().toInstant();
    var end = certificate.getNotAfter().toInstant();
    if (now.isBefore(start)) {
      throw new TlsException(
          folder.resolve(CHAIN) + " is not valid before " + start + ", and now it is " + now);
    }
    if (now.isAfter(end)) {
      throw new TlsException(folder.resolve(CHAIN) + " has expired on " + end);
    }
  }

  private void requireTrusted(
      List<X509Certificate> chain, List<X509Certificate> authorities, Instant now)
      throws TlsException {
    var anchors =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
    var path = chain.stream().takeWhile(certificate -> !authorities.contains(certificate)).toList();
    if (path.isEmpty()) {
      return;
    }
    try {
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertPathValidatorException e) {
      throw new TlsException(
          "the certificate in "
              + folder.resolve(CHAIN)
              + " does not chain to "
              + folder.resolve(AUTHORITIES)
              + ": "
              + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new TlsException(folder.resolve(AUTHORITIES) + " cannot be used: " + e.getMessage());
    }
  }
}
