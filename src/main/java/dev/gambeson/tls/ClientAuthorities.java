package dev.gambeson.tls;

import dev.gambeson.reload.FilePoll;
import dev.gambeson.reload.LastGood;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CAs of the certificates that clients must present: a file that others renew. */
public final class ClientAuthorities implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientAuthorities.class);

  private final PemFile file;
  private final LastGood<List<X509Certificate>> certificates;
  private final FilePoll poll;

  private ClientAuthorities(Path path) throws TlsException {
    file = new PemFile(path);
    certificates = LastGood.of(file.certificates());
    poll = new FilePoll(path, TlsFiles.INTERVAL, this::read);
  }

  /**
   * Reads a file and begins to watch it.
   *
   * @throws TlsException if it cannot be read, or holds no certificate
   */
  public static ClientAuthorities open(Path path) throws TlsException {
    var opened = new ClientAuthorities(path);
    opened.poll.start();
    return opened;
  }

  /** The certificates in PEM. */
  public String pem() {
    return Pem.certificates(certificates.state().value());
  }

  /** Why the certificates that are now in the file are not in use; empty if they are. */
  public Optional<String> problem() {
    return Optional.ofNullable(certificates.state().problem());
  }

  /** Notifies the listener of later changes. */
  public void onChange(Runnable listener) {
    certificates.onChange(now -> listener.run());
  }

  @Override
  public void close() {
    poll.close();
  }

  private void read() {
    try {
      if (certificates.use(file.certificates())) {
        LOG.info("clients must present a certificate of the CA in {}", file.path());
      }
    } catch (TlsException e) {
      if (certificates.keep(String.valueOf(e.getMessage()))) {
        LOG.error("{}; clients must present a certificate of the previous CA", e.getMessage());
      }
    }
  }
}
