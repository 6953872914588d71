package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MinimumPaceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int KIB = 1024;

  private final MinimumPace pace = new MinimumPace(0);

  @Test
  void whoSendsNothingFallsBehindFromTheBeginning() {
    assertThat(pace.due()).isZero();
  }

  @Test
  void aTrickleTakesBackNextToNothing() {
    for (int second = 1; second <= 10; second++) {
      pace.arrived(1, second * SECOND);
    }

    assertThat(pace.due()).isBetween(0L, SECOND / 1000);
  }

  @Test
  void whoKeepsThePaceIsNeverBehind() {
    for (int second = 1; second <= 20; second++) {
      pace.arrived(64 * KIB, second * SECOND);

      assertThat(second * SECOND - pace.due()).isLessThan(SECOND / 1000);
    }
  }

  @Test
  void whoSentMuchAndThenStallsIsBehindAtOnce() {
    pace.arrived(16 * KIB * KIB, SECOND);

    assertThat(pace.due()).isEqualTo(SECOND);
  }

  @Test
  void halfThePaceIsHalfBehind() {
    pace.arrived(32 * KIB, SECOND);

    assertThat(pace.due()).isBetween(SECOND * 49 / 100, SECOND * 51 / 100);
  }
}
