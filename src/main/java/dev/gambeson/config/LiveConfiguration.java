package dev.gambeson.config;

import dev.gambeson.reload.LastGood;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration in force, wherever its text comes from. A bad text changes nothing. */
public final class LiveConfiguration {
  /** The ConfigMap key that holds a configuration. */
  public static final String KEY = "gambeson.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

  /**
   * The configuration in force.
   *
   * @param since when it was read
   * @param failure why the source's present text is not in force, one problem a line; null if it is
   * @param known whether it is known what should be in force: false before the source is first
   *     read, and while every text that it ever held is bad
   */
  public record State(
      Configuration configuration, Instant since, @Nullable String failure, boolean known) {

    /** The state of a source that is good. */
    public static State of(Configuration configuration, Instant since) {
      return new State(configuration, since, null, true);
    }
  }

  private record InForce(Configuration configuration, Instant since, boolean known) {}

  private final String source;
  private final InstantSource clock;
  private final LastGood<InForce> inForce;
  private @Nullable String text;

  /** Whether the source ever held a good text. */
  private boolean good;

  private LiveConfiguration(
      String source, InstantSource clock, LastGood<InForce> inForce, @Nullable String text) {
    this.source = source;
    this.clock = clock;
    this.inForce = inForce;
    this.text = text;
    this.good = text != null;
  }

  /**
   * Starts with a text that must be good.
   *
   * @param source its name in messages
   * @throws ConfigurationException if it is not a valid configuration
   */
  static LiveConfiguration of(String source, String text, InstantSource clock)
      throws ConfigurationException {
    var first = new InForce(read(text, source), clock.instant(), true);
    return new LiveConfiguration(source, clock, LastGood.of(first), text);
  }

  /** Starts with the built-in configuration, until the source is read. */
  public static LiveConfiguration builtIn(String source, InstantSource clock) {
    var first = new InForce(ConfigurationLoader.builtIn(), clock.instant(), false);
    return new LiveConfiguration(
        source, clock, LastGood.fallback(first, source + " was not read yet"), null);
  }

  public State state() {
    var state = inForce.state();
    var value = state.value();
    return new State(value.configuration(), value.since(), state.problem(), value.known());
  }

  /** Puts the source's present text in force. Returns whether it is new and good. */
  public boolean update(String now) {
    if (now.equals(text)) {
      return false;
    }
    text = now;
    try {
      inForce.use(new InForce(read(now, source), clock.instant(), true));
      good = true;
      LOG.info("configuration {} is in force", source);
      return true;
    } catch (ConfigurationException e) {
      keep(Objects.requireNonNull(e.getMessage()), good);
      return false;
    }
  }

  private static Configuration read(String text, String source) throws ConfigurationException {
    var loaded = ConfigurationLoader.read(text, source);
    loaded.warnings().forEach(warning -> LOG.warn("configuration {}", warning));
    return loaded.configuration();
  }

  /** The source holds no text: what is in force, if only the built-in profiles, is right. */
  public void reportMissing(String why) {
    text = null;
    keep(why, true);
  }

  /** Puts the last good text of the source in force, unless the source held a good one since. */
  public void recover(String lastGood) {
    if (good) {
      return;
    }
    try {
      var recovered = new InForce(read(lastGood, source), clock.instant(), true);
      inForce.keep(recovered, Objects.requireNonNull(inForce.state().problem()));
      good = true;
    } catch (ConfigurationException e) {
      LOG.warn("the last good configuration is no longer valid: {}", e.getMessage());
    }
  }

  private void keep(String failure, boolean known) {
    var kept = inForce.state().value();
    if (!inForce.keep(new InForce(kept.configuration(), kept.since(), known), failure)) {
      return;
    }
    failure.lines().forEach(LOG::error);
    if (good) {
      LOG.error(
          "configuration {} is not valid; the one read at {} stays in force", source, kept.since());
    } else if (known) {
      LOG.error("there is no configuration {}; the built-in profiles are in force", source);
    } else {
      LOG.error("configuration {} is not valid, and there is no earlier one to run with", source);
    }
  }
}
