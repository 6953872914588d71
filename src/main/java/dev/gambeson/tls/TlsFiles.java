package dev.gambeson.tls;

import dev.gambeson.reload.FilePoll;
import dev.gambeson.reload.LastGood;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate in a folder that others renew. */
public final class TlsFiles implements ServingCertificates, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  /** How often files with certificates are read. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private final TlsDirectory directory;
  private final InstantSource clock;
  private final LastGood<ServingCertificate> certificate;
  private final FilePoll poll;

  private TlsFiles(TlsDirectory directory, InstantSource clock) throws TlsException {
    this.directory = directory;
    this.clock = clock;
    this.certificate = LastGood.of(directory.load(clock.instant()));
    this.poll = new FilePoll(directory.folder(), INTERVAL, this::read);
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
    var state = certificate.state();
    return new State(state.value(), true, Optional.ofNullable(state.problem()).stream().toList());
  }

  @Override
  public void onChange(Consumer<ServingCertificate> listener) {
    certificate.onChange(listener);
  }

  @Override
  public void close() {
    poll.close();
  }

  private void read() {
    try {
      var now = directory.load(clock.instant());
      if (certificate.use(now)) {
        LOG.info(
            "serving with the certificate in {}, valid until {}", directory.folder(), now.expiry());
      }
    } catch (TlsException e) {
      if (certificate.keep(String.valueOf(e.getMessage()))) {
        LOG.error("{}; the server keeps the previous certificate", e.getMessage());
      }
    }
  }
}
