package dev.gambeson.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarningsTest {

  @Test
  void shortOnesStayAsTheyAreAndOnce() {
    assertThat(Warnings.limit(List.of("one", "two", "one"))).containsExactly("one", "two");
  }

  @Test
  void controlCharactersBecomeSpaces() {
    assertThat(Warnings.limit(List.of("a\nb\u0000c\u0085d"))).containsExactly("a b c d");
  }

  @Test
  void longOnesAreCutAtTheProtocolsLimitAndNeverInsideACharacter() {
    var cut = Warnings.limit(List.of("x".repeat(254) + "\uD83D\uDE00" + "y".repeat(50))).getFirst();

    assertThat(cut).hasSizeLessThanOrEqualTo(256).endsWith("…");
    assertThat(cut.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE))
        .isFalse();
  }

  @Test
  void manyAreCutInTotalAndTheRestIsCounted() {
    var warnings = IntStream.range(0, 100).mapToObj(i -> i + "w".repeat(200)).toList();

    var limited = Warnings.limit(warnings);

    assertThat(limited.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(4096);
    assertThat(limited.getLast())
        .isEqualTo("… and " + (100 - limited.size() + 1) + " more warnings");
  }
}
