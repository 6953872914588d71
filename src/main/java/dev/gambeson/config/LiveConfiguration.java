package dev.gambeson.config;

import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force, wherever its text comes from. A text that is bad changes nothing: the
 * last good configuration stays in force.
 */
public final class LiveConfiguration {
  /** The key of a ConfigMap under which it holds a configuration. */
  public static final String KEY = "gambeson.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

  /**
   * What is in force.
   *
   * @param since when it was read
   * @param failure why what its source says now is not in force, one problem a line; null where it
   *     is
   * @param known whether it is known what should be in force: not before the source was asked for
   *     the first time, nor while all that it ever said is bad
   */
  public record State(
      Configuration configuration, Instant since, @Nullable String failure, boolean known) {

    /** A configuration that nothing says otherwise of. */
    public static State of(Configuration configuration, Instant since) {
      return new State(configuration, since, null, true);
    }
  }

  private final String source;
  private final InstantSource clock;
  private @Nullable String text;

  /** Whether the source ever said something good. */
  private boolean good;

  private volatile State state;

  private LiveConfiguration(
      String source, InstantSource clock, @Nullable String text, State first) {
    this.source = source;
    this.clock = clock;
    this.text = text;
    this.good = text != null;
    this.state = first;
  }

  /**
   * Begins with a text that must be good.
   *
   * @param source what it is called in messages
   * @throws ConfigurationException if it is no valid configuration
   */
  static LiveConfiguration of(String source, String text, InstantSource clock)
      throws ConfigurationException {
    return new LiveConfiguration(
        source, clock, text, State.of(read(text, source), clock.instant()));
  }

  /** Begins with the built-in configuration, until the source says something. */
  public static LiveConfiguration builtIn(String source, InstantSource clock) {
    return new LiveConfiguration(
        source,
        clock,
        null,
        new State(
            ConfigurationLoader.builtIn(), clock.instant(), source + " was not read yet", false));
  }

  /** What is in force, and whether that is what the source says. */
  public State state() {
    return state;
  }

  /** The source says this now. Returns whether it was news, and is in force. */
  public boolean offer(String now) {
    if (now.equals(text)) {
      return false;
    }
    text = now;
    try {
      state = State.of(read(now, source), clock.instant());
      good = true;
      LOG.info("configuration {} is in force", source);
      return true;
    } catch (ConfigurationException e) {
      keep(Objects.requireNonNull(e.getMessage()), good);
      return false;
    }
  }

  /** What is likely not meant is logged whenever a configuration comes into force. */
  private static Configuration read(String text, String source) throws ConfigurationException {
    var loaded = ConfigurationLoader.read(text, source);
    loaded.warnings().forEach(warning -> LOG.warn("configuration {}", warning));
    return loaded.configuration();
  }

  /** The source says nothing, so that the built-in configuration is as good as what it said. */
  public void miss(String why) {
    text = null;
    keep(why, true);
  }

  /**
   * Puts in force what the source said when it was good last, unless it has said something good.
   */
  public void recover(String lastGood) {
    if (good) {
      return;
    }
    try {
      var configuration = read(lastGood, source);
      state = new State(configuration, clock.instant(), state.failure(), true);
      good = true;
    } catch (ConfigurationException e) {
      LOG.warn("the last good configuration is good no longer: {}", e.getMessage());
    }
  }

  private void keep(String failure, boolean known) {
    var current = state;
    if (failure.equals(current.failure()) && known == current.known()) {
      return;
    }
    state = new State(current.configuration(), current.since(), failure, known);
    failure.lines().forEach(LOG::error);
    if (good) {
      LOG.error(
          "configuration {} is bad; the one that was read at {} stays in force",
          source,
          current.since());
    } else if (known) {
      LOG.error("there is no configuration {}; the built-in profiles are in force", source);
    } else {
      LOG.error("configuration {} is bad, and there is no good one to run on", source);
    }
  }
}
