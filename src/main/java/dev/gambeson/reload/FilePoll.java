package dev.gambeson.reload;

import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files again at an interval. This also sees the symbolic links that a mount in a pod swaps,
 * which a file system watch misses.
 */
public final class FilePoll implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FilePoll.class);

  private final Path path;
  private final Duration interval;
  private final Runnable read;
  private final Thread thread = Thread.ofVirtual().name("files").unstarted(this::run);

  /**
   * Does not poll before {@link #start}.
   *
   * @param path the file or folder, for messages
   * @param read reads it once; what it throws is logged, and polling continues
   */
  public FilePoll(Path path, Duration interval, Runnable read) {
    this.path = path;
    this.interval = interval;
    this.read = read;
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(interval);
        try {
          read.run();
        } catch (RuntimeException e) {
          LOG.error("{} could not be read", path, e);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} is no longer watched", path);
    }
  }
}
