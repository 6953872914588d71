package dev.gambeson.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thing that is written to the cluster, again and again until it succeeds. */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** JSON Patch: a {@code test} does not hold, so that somebody else was faster. */
  private static final int UNPROCESSABLE = 422;

  private final String title;
  private final InstantSource clock;
  private Duration pause = FIRST_PAUSE;
  private Instant next = Instant.MIN;
  private volatile @Nullable String failure;

  /**
   * Creates the attempts, none of them made.
   *
   * @param title what is done, in messages
   */
  Attempts(String title, InstantSource clock) {
    this.title = title;
    this.clock = clock;
  }

  /**
   * Does it, unless it failed so shortly ago that it must wait.
   *
   * @param onFailure called where the API server does not let it happen
   * @return whether it succeeded
   */
  boolean run(Runnable write, Runnable onFailure) {
    var now = clock.instant();
    if (now.isBefore(next) && next.isBefore(now.plus(LONGEST_PAUSE.multipliedBy(2)))) {
      return false;
    }
    try {
      write.run();
      succeed();
      return true;
    } catch (KubernetesClientException e) {
      if (isInterrupted(e)) {
        Thread.currentThread().interrupt();
        return false;
      }
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == UNPROCESSABLE) {
        LOG.debug("{}: changed meanwhile: {}", title, e.getMessage());
      } else {
        onFailure.run();
        fail(Watched.reason(e));
      }
      waitLonger(now);
      return false;
    }
  }

  /** There was nothing to do. */
  void succeed() {
    if (failure != null) {
      LOG.info("{} works again", title);
    }
    failure = null;
    pause = FIRST_PAUSE;
    next = Instant.MIN;
  }

  /** Why the last attempt failed; empty where it did not. */
  Optional<String> failure() {
    return Optional.ofNullable(failure).map(reason -> title + " fails: " + reason);
  }

  /** Whether it was let go of because the server ends. */
  private static boolean isInterrupted(Throwable cause) {
    for (var each = cause; each != null; each = each.getCause()) {
      if (each instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private void fail(String reason) {
    if (!reason.equals(failure)) {
      LOG.error("{} fails, and is tried again: {}", title, reason);
    }
    failure = reason;
  }

  private void waitLonger(Instant now) {
    next = now.plus(pause.multipliedBy(50 + ThreadLocalRandom.current().nextInt(50)).dividedBy(75));
    var doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
