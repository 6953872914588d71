package dev.gambeson.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose certificates clients must show: a file with the CA certificates, which others renew. A file
 * that is bad changes nothing.
 */
public final class ClientAuthorities implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientAuthorities.class);

  private final PemFile file;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final FilePoll poll;
  private volatile List<X509Certificate> certificates;
  private volatile @Nullable String problem;

  private ClientAuthorities(Path path) throws TlsException {
    file = new PemFile(path);
    certificates = file.certificates();
    poll = new FilePoll(path, this::look);
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
    return Pem.certificates(certificates);
  }

  /** What is wrong with the file now; empty where it is in use as it is. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Tells each change, from now on. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    poll.close();
  }

  private void look() {
    try {
      var now = file.certificates();
      problem = null;
      if (!now.equals(certificates)) {
        certificates = now;
        LOG.info("clients must show a certificate of the CA that is in {} now", file.path());
        listeners.forEach(Runnable::run);
      }
    } catch (TlsException e) {
      var message = String.valueOf(e.getMessage());
      if (!message.equals(problem)) {
        LOG.error("{}; the certificates from before are asked for", message);
      }
      problem = message;
    }
  }
}
