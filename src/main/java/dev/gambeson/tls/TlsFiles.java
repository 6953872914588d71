package dev.gambeson.tls;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate in a folder that others renew. Files that are bad change nothing. */
public final class TlsFiles implements ServingCertificates, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  private final TlsDirectory directory;
  private final InstantSource clock;
  private final List<Consumer<ServingCertificate>> listeners = new CopyOnWriteArrayList<>();
  private final FilePoll poll;
  private volatile State state;

  private TlsFiles(TlsDirectory directory, InstantSource clock) throws TlsException {
    this.directory = directory;
    this.clock = clock;
    this.state = new State(directory.load(clock.instant()), true, List.of());
    this.poll = new FilePoll(directory.folder(), this::look);
  }

  /**
   * Reads a folder and begins to watch it.
   *
   * @throws TlsException as {@link TlsDirectory#load}
   */
  public static TlsFiles open(TlsDirectory directory, InstantSource clock) throws TlsException {
    var opened = new TlsFiles(directory, clock);
    opened.poll.start();
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
    poll.close();
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
    }
  }
}
