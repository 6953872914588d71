package dev.gambeson.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration file and what it says now. Its content is looked at again and again, which also
 * sees the symbolic links that a ConfigMap's mount swaps. An edit that is bad changes nothing: the
 * last good configuration stays in force.
 */
public final class ConfigurationFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Path file;
  private final LiveConfiguration live;
  private final Thread watcher =
      Thread.ofVirtual().name("configuration-file").unstarted(this::watch);

  private ConfigurationFile(Path file, InstantSource clock)
      throws ConfigurationException, IOException {
    this.file = file;
    this.live = LiveConfiguration.of(file.toString(), read(file), clock);
  }

  /**
   * Reads a file and begins to watch it.
   *
   * @throws ConfigurationException if it is no valid configuration
   * @throws IOException if it cannot be read; the message says why
   */
  public static ConfigurationFile open(Path file) throws ConfigurationException, IOException {
    var opened = new ConfigurationFile(file, InstantSource.system());
    opened.watcher.start();
    return opened;
  }

  /** Reads a file without watching it: {@link #look} does when it is called. */
  static ConfigurationFile still(Path file, InstantSource clock)
      throws ConfigurationException, IOException {
    return new ConfigurationFile(file, clock);
  }

  /** What is in force, and whether that is what the file says. */
  public LiveConfiguration.State state() {
    return live.state();
  }

  /** Stops watching. */
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
      LOG.debug("configuration {} is no longer watched", file);
    }
  }

  void look() {
    try {
      live.offer(read(file));
    } catch (IOException e) {
      live.miss(Objects.requireNonNull(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("configuration {} could not be looked at", file, e);
      live.miss(e.toString());
    }
  }

  /**
   * The text of a file.
   *
   * @throws IOException if it cannot be read; the message says why
   */
  public static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is no UTF-8", e);
    } catch (IOException e) {
      throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
