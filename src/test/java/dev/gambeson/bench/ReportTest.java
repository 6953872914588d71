package dev.gambeson.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void comparesMediansWithTheReferencesAndTheGoals() {
    var report =
        report(
            "throughput mutate constant 1 reviews/s 50000",
            "throughput mutate tree 1 reviews/s 900",
            "throughput mutate tree 2 reviews/s 20000",
            "throughput mutate tree 3 reviews/s 10000",
            "throughput mutate gambeson 1 reviews/s 7000",
            "throughput mutate gambeson 2 reviews/s 1");

    assertThat(report.table("throughput").lines())
        .containsSubsequence(
            "| mutate | reviews/s by those of tree | 1.00 | 0.60 | 0.35 | missed |",
            "| mutate | constant | reviews/s | 50,000 | 50,000 | 50,000 | 1.00 | 5.00 |",
            "| mutate | tree | reviews/s | 10,000 | 900 | 20,000 | 0.20 | 1.00 |",
            "| mutate | gambeson | reviews/s | 3,501 | 1.00 | 7,000 | 0.07 | 0.35 |");
  }

  @Test
  void aFigureThatShouldBeSmallReachesItsGoalFromBelow() {
    assertThat(report("memory both gambeson 1 MB 128").table("memory")).contains("| goal |");
    assertThat(report("memory both gambeson 1 MB 129").table("memory")).contains("| floor |");
    assertThat(report("memory both gambeson 1 MB 201").table("memory")).contains("| missed |");
  }

  @Test
  void growthIsLinearWhereTwiceTheSizeCostsTwiceAtMost() {
    assertThat(growth(10, 19, 40)).contains("| 2.11 | linear |");
    assertThat(growth(10, 19, 76)).contains("| 4.00 | steeper |");
  }

  @Test
  void replacesOnlyTheBlockOfTheRow() {
    var page =
        """
        before
        <!-- begin cold -->
        old $1
        <!-- end cold -->
        <!-- begin start -->
        other
        <!-- end start -->
        """;

    assertThat(Report.replaced(page, "cold", "new $2\n"))
        .isEqualTo(
            """
            before
            <!-- begin cold -->

            new $2

            <!-- end cold -->
            <!-- begin start -->
            other
            <!-- end start -->
            """);
    assertThatThrownBy(() -> Report.replaced(page, "memory", "new"))
        .hasMessageContaining("begin memory");
  }

  private static String growth(int... values) {
    var lines = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      lines[i] = "growth mounts gambeson %d KB %d".formatted(1 << i, values[i]);
    }
    return report(lines).table("growth");
  }

  /** Figures of more than one word are not needed here. */
  private static Report report(String... lines) {
    return new Report(
        Series.read(List.of(lines).stream().map(line -> line.replace(' ', '\t')).toList()));
  }
}
