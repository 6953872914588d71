package dev.gambeson.tls;

import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again, which also sees the symbolic links that a mount in a pod swaps.
 */
final class FilePoll implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FilePoll.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Path path;
  private final Runnable look;
  private final Thread thread = Thread.ofVirtual().name("files").unstarted(this::run);

  FilePoll(Path path, Runnable look) {
    this.path = path;
    this.look = look;
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        try {
          look.run();
        } catch (RuntimeException e) {
          LOG.error("{} could not be looked at", path, e);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} is no longer looked at", path);
    }
  }
}
