package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.server.MemoryBudget.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryBudgetTest {
  private static final int SMALL = 10;
  private static final int LARGE = 100;

  private final List<String> ended = new ArrayList<>();
  private final MemoryBudget budget =
      new MemoryBudget(new Limits.Share(SMALL, 20, 1), new Limits.Share(LARGE, 200, 1));

  @Test
  void theSlowestEndFirst() {
    take("slow", LARGE, 1);
    take("quicker", LARGE, 2);

    assertThat(take("quickest", LARGE, 3)).isNotNull();

    assertThat(ended).containsExactly("slow");
    assertThat(budget.large()).isEqualTo(200);
  }

  @Test
  void noMoreEndThanMust() {
    for (int i = 1; i <= 10; i++) {
      take("at " + i, 20, i);
    }

    assertThat(take("quickest", 30, 11)).isNotNull();

    assertThat(ended).containsExactly("at 1", "at 2");
  }

  @Test
  void whoIsSlowerThanAllOthersHasToCedeToThem() {
    take("quick", LARGE, 2);
    take("quick too", LARGE, 3);

    assertThat(take("slow", LARGE, 1)).isNull();

    assertThat(ended).isEmpty();
    assertThat(budget.large()).isEqualTo(200);
  }

  @Test
  void progressSavesAClaim() {
    var first = kept(take("first", LARGE, 1));
    take("second", LARGE, 2);
    first.progress(3);

    take("third", LARGE, 4);

    assertThat(ended).containsExactly("second");
  }

  @Test
  void whatIsKeptDoesNotEnd() {
    var first = kept(take("first", LARGE, 1));
    var second = kept(take("second", LARGE, 2));
    assertThat(first.keep()).isTrue();

    assertThat(take("third", LARGE, 3)).isNotNull();

    assertThat(ended).containsExactly("second");
    assertThat(second.keep()).isFalse();
  }

  @Test
  void whatHasEndedGivesNothingBackTwice() {
    var first = kept(take("first", LARGE, 1));
    take("second", LARGE, 2);
    take("third", LARGE, 3);

    first.release();

    assertThat(budget.large()).isEqualTo(200);
  }

  @Test
  void whatIsLargeLeavesTheShareOfWhatIsSmallAlone() {
    take("large", LARGE, 1);
    take("large too", LARGE, 2);

    assertThat(take("small", SMALL, 0)).isNotNull();
    assertThat(take("small too", SMALL, 0)).isNotNull();

    assertThat(ended).isEmpty();
    assertThat(budget.small()).isEqualTo(20);
  }

  @Test
  void manyThreadsGiveBackWhatTheyTook() throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      var all = new ArrayList<Future<?>>();
      for (int thread = 0; thread < 8; thread++) {
        var random = new Random(thread);
        all.add(threads.submit(() -> useAtRandom(random)));
      }
      for (var each : all) {
        each.get();
      }
    }

    assertThat(budget.small()).isZero();
    assertThat(budget.large()).isZero();
  }

  private void useAtRandom(Random random) {
    for (int i = 0; i < 10_000; i++) {
      var claim = budget.take(1 + random.nextInt(LARGE), random.nextInt(1000), () -> {});
      if (claim != null) {
        claim.progress(random.nextInt(1000));
        if (random.nextBoolean()) {
          claim.keep();
        }
        claim.release();
      }
      assertThat(budget.small()).isBetween(0L, 20L);
      assertThat(budget.large()).isBetween(0L, 200L);
    }
  }

  private @Nullable Claim take(String name, int bytes, long due) {
    return budget.take(bytes, due, () -> ended.add(name));
  }

  private static Claim kept(@Nullable Claim claim) {
    return Objects.requireNonNull(claim);
  }
}
