package dev.gambeson.tls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate in a folder that others renew. Its files are looked at again and again, which
 * also sees the symbolic links that a Secret's mount swaps. Files that are bad change nothing.
 */
public final class TlsFiles implements ServingCertificates, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final TlsDirectory directory;
  private final InstantSource clock;
  private final List<Consumer<ServingCertificate>> listeners = new CopyOnWriteArrayList<>();
  private final Thread watcher = Thread.ofVirtual().name("tls-files").unstarted(this::watch);
  private volatile State state;

  private TlsFiles(TlsDirectory directory, InstantSource clock) throws TlsException {
    this.directory = directory;
    this.clock = clock;
    this.state = new State(directory.load(clock.instant()), true, List.of());
  }

  /**
   * Reads a folder and begins to watch it.
   *
   * @throws TlsException as {@link TlsDirectory#load}
   */
  public static TlsFiles open(TlsDirectory directory, InstantSource clock) throws TlsException {
    var opened = new TlsFiles(directory, clock);
    opened.watcher.start();
    return opened;
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public void onChange(Consumer<ServingCertificate> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look();
      }
    } catch (InterruptedException e) {
      LOG.debug("{} is no longer watched", directory.folder());
    }
  }

  private void look() {
    var before = state;
    try {
      var now = directory.load(clock.instant());
      state = new State(now, true, List.of());
      if (!now.equals(before.certificate())) {
        LOG.info("serving with the certificate in {} until {}", directory.folder(), now.expiry());
        listeners.forEach(listener -> listener.accept(now));
      }
    } catch (TlsException e) {
      var problem = String.valueOf(e.getMessage());
      if (!before.problems().contains(problem)) {
        LOG.error("{}; the certificate from before is served on", problem);
      }
      state = new State(before.certificate(), true, List.of(problem));
    } catch (RuntimeException e) {
      LOG.error("{} could not be looked at", directory.folder(), e);
    }
  }
}
