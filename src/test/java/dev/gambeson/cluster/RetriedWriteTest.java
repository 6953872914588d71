package dev.gambeson.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often something is written, by a clock that the test turns. */
class RetriedWriteTest {
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private Instant now = Instant.parse("2026-11-21T08:00:00Z");
  private final RetriedWrite attempts =
      new RetriedWrite("storing", () -> now, Duration.ofMillis(200));

  @Test
  void aFailureIsTriedAgainLessAndLessOftenButEveryFewSeconds() {
    assertThat(writesWithin(60, 403)).isBetween(10, 25);

    assertThat(attempts.failure()).hasValue("storing fails: refused");
    assertThat(failures).hasValue(writes.get());
  }

  @Test
  void itIsTriedWithinSecondsOnceItWorksAgain() {
    writesWithin(600, 403);

    assertThat(writesWithin(8, 0)).isPositive();
    assertThat(attempts.failure()).isEmpty();
  }

  @Test
  void whatSucceedsAndIsNotSeenToIsNotWrittenOverAndOver() {
    assertThat(writesWithin(60, 0)).isBetween(10, 25);
  }

  @Test
  void somebodyElseWhoIsFasterIsNoFailureUnlessThatLasts() {
    writesWithin(1, 409);
    assertThat(attempts.failure()).isEmpty();
    assertThat(failures).hasValue(0);

    writesWithin(60, 422);
    assertThat(attempts.failure()).hasValue("storing fails: refused");

    attempts.succeed();
    assertThat(attempts.failure()).isEmpty();
  }

  @Test
  void aClockThatIsSetBackDoesNotMakeItWaitForThatLong() {
    writesWithin(60, 403);

    now = now.minus(Duration.ofDays(300));

    assertThat(writesWithin(20, 0)).isPositive();
  }

  @Test
  void aWriteThatNeverEndsIsLetGoOf() {
    assertThat(attempts.run(RetriedWriteTest::neverEnd, failures::incrementAndGet)).isFalse();

    assertThat(attempts.failure()).hasValue("storing fails: no answer within 0 s");
    assertThat(failures).hasValue(1);
  }

  @Test
  void anInterruptIsNoFailureAndStays() {
    Thread.currentThread().interrupt();

    assertThat(attempts.run(RetriedWriteTest::neverEnd, failures::incrementAndGet)).isFalse();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts.failure()).isEmpty();
    assertThat(failures).hasValue(0);
  }

  @Test
  void aBugIsNoFailureOfTheApiServer() {
    assertThatThrownBy(() ->
            attempts.run(
                () -> {
                  throw new IllegalArgumentException("a bug");
                },
                failures::incrementAndGet))
        .hasRootCauseMessage("a bug");
  }

  private static void neverEnd() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw KubernetesClientException.launderThrowable(e);
    }
  }

  /** How often it is written within that many seconds in which it is wanted each 100 ms. */
  private int writesWithin(int seconds, int code) {
    int before = writes.get();
    for (int i = 0; i < 10 * seconds; i++) {
      attempts.run(
          () -> {
            writes.incrementAndGet();
            if (code != 0) {
              throw new KubernetesClientException("refused", code, null);
            }
          },
          failures::incrementAndGet);
      now = now.plusMillis(100);
    }
    return writes.get() - before;
  }
}
