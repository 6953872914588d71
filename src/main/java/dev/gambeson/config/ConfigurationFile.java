package dev.gambeson.config;

import dev.gambeson.reload.FilePoll;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/** A configuration file, read again every second. A bad edit changes nothing. */
public final class ConfigurationFile implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Path file;
  private final LiveConfiguration live;
  private final FilePoll poll;

  private ConfigurationFile(Path file, InstantSource clock)
      throws ConfigurationException, IOException {
    this.file = file;
    this.live = LiveConfiguration.of(file.toString(), read(file), clock);
    this.poll = new FilePoll(file, INTERVAL, this::reload);
  }

  /**
   * Reads a file and begins to watch it.
   *
   * @throws ConfigurationException if it is not a valid configuration
   * @throws IOException if it cannot be read; the message says why
   */
  public static ConfigurationFile open(Path file) throws ConfigurationException, IOException {
    var opened = new ConfigurationFile(file, InstantSource.system());
    opened.poll.start();
    return opened;
  }

  /** Reads a file once, and again only at {@link #reload}. */
  static ConfigurationFile withoutPolling(Path file, InstantSource clock)
      throws ConfigurationException, IOException {
    return new ConfigurationFile(file, clock);
  }

  public LiveConfiguration.State state() {
    return live.state();
  }

  @Override
  public void close() {
    poll.close();
  }

  void reload() {
    try {
      live.update(read(file));
    } catch (IOException e) {
      live.reportMissing(Objects.requireNonNull(e.getMessage()));
    } catch (RuntimeException e) {
      live.reportMissing(e.toString());
      throw e;
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
      throw new IOException(file + ": is not valid UTF-8", e);
    } catch (IOException e) {
      throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
