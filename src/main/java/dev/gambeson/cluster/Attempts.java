package dev.gambeson.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thing that is written to the cluster, again and again until it succeeds, and not in haste.
 */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** The client's own timeouts end a request earlier, unless an answer begins and does not end. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  /** So often somebody else may be faster; after that something else is wrong. */
  private static final int RACES = 3;

  /** JSON Patch: a {@code test} does not hold, so that somebody else was faster. */
  private static final int UNPROCESSABLE = 422;

  private final String title;
  private final InstantSource clock;
  private final Duration deadline;
  private Duration pause = FIRST_PAUSE;
  private Instant next = Instant.MIN;
  private int races;
  private volatile @Nullable String failure;

  /**
   * Creates the attempts, none of them made.
   *
   * @param title what is done, in messages
   */
  Attempts(String title, InstantSource clock) {
    this(title, clock, DEADLINE);
  }

  /**
   * Creates the attempts, none of them made.
   *
   * @param deadline after which an attempt is let go of
   */
  Attempts(String title, InstantSource clock, Duration deadline) {
    this.title = title;
    this.clock = clock;
    this.deadline = deadline;
  }

  /**
   * Does it, unless that was tried so shortly ago that it must wait. What succeeded waits too, so
   * that nothing is written over and over where nothing is heard of it, or somebody else writes
   * something else each time.
   *
   * @param onFailure called where the API server does not let it happen
   * @return whether it succeeded
   */
  boolean run(Runnable write, Runnable onFailure) {
    var now = clock.instant();
    if (now.isBefore(next) && next.isBefore(now.plus(LONGEST_PAUSE.multipliedBy(2)))) {
      return false;
    }
    waitLonger(now);
    var task = new FutureTask<@Nullable Void>(write, null);
    Thread.ofVirtual().name("write").start(task);
    try {
      task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      recover();
      return true;
    } catch (InterruptedException e) {
      // The server ends.
      task.cancel(true);
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      task.cancel(true);
      onFailure.run();
      fail("no answer within " + deadline.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof KubernetesClientException refused)) {
        throw new IllegalStateException(title, e.getCause());
      }
      if (isRace(refused) && ++races <= RACES) {
        LOG.debug("{}: changed meanwhile: {}", title, refused.getMessage());
      } else {
        onFailure.run();
        fail(Watched.reason(refused));
      }
    }
    return false;
  }

  /** There was nothing to do. */
  void succeed() {
    recover();
    pause = FIRST_PAUSE;
    races = 0;
  }

  /** Why the last attempt failed; empty where it did not. */
  Optional<String> failure() {
    return Optional.ofNullable(failure).map(reason -> title + " fails: " + reason);
  }

  private static boolean isRace(KubernetesClientException refused) {
    return refused.getCode() == HttpURLConnection.HTTP_CONFLICT
        || refused.getCode() == UNPROCESSABLE;
  }

  private void fail(String reason) {
    if (!reason.equals(failure)) {
      LOG.error("{} fails, and is tried again: {}", title, reason);
    }
    failure = reason;
  }

  private void recover() {
    if (failure != null) {
      LOG.info("{} works again", title);
    }
    failure = null;
  }

  private void waitLonger(Instant now) {
    next = now.plus(pause.multipliedBy(50 + ThreadLocalRandom.current().nextInt(50)).dividedBy(75));
    var doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
