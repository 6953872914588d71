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

/** A write to the cluster that is retried, with a growing pause, until it succeeds. */
final class RetriedWrite {
  private static final Logger LOG = LoggerFactory.getLogger(RetriedWrite.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Longer than the client's own timeouts, which do not bound an answer that never ends. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  /** How many lost races in a row are normal; more are reported as failures. */
  private static final int RACES = 3;

  /** A {@code test} of the JSON Patch failed: another writer was faster. */
  private static final int UNPROCESSABLE = 422;

  private final String title;
  private final InstantSource clock;
  private final Duration deadline;
  private Duration pause = FIRST_PAUSE;
  private Instant next = Instant.MIN;
  private int races;
  private volatile @Nullable String failure;

  /**
   * Does not write yet.
   *
   * @param title the write in messages
   */
  RetriedWrite(String title, InstantSource clock) {
    this(title, clock, DEADLINE);
  }

  /**
   * Does not write yet.
   *
   * @param deadline of each attempt
   */
  RetriedWrite(String title, InstantSource clock, Duration deadline) {
    this.title = title;
    this.clock = clock;
    this.deadline = deadline;
  }

  /**
   * Writes, unless the last attempt was too recent. There is a pause after a success as well: if
   * the watch does not show the write, or another writer reverts it each time, it must not be
   * repeated in a tight loop.
   *
   * @param onFailure called if the API server rejects the write or does not answer
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
      // The server is stopping.
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
        LOG.debug("{}: changed by another writer: {}", title, refused.getMessage());
      } else {
        onFailure.run();
        fail(WatchedObject.reason(refused));
      }
    }
    return false;
  }

  /** Reports that there is nothing to write: the next failure starts with a short pause. */
  void succeed() {
    recover();
    pause = FIRST_PAUSE;
    races = 0;
  }

  /** Why the last attempt failed; empty if it did not. */
  Optional<String> failure() {
    return Optional.ofNullable(failure).map(reason -> title + " fails: " + reason);
  }

  private static boolean isRace(KubernetesClientException refused) {
    return refused.getCode() == HttpURLConnection.HTTP_CONFLICT
        || refused.getCode() == UNPROCESSABLE;
  }

  private void fail(String reason) {
    if (!reason.equals(failure)) {
      LOG.error("{} fails and is retried: {}", title, reason);
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
