package dev.gambeson.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastGoodTest {
  private final LastGood<String> source = LastGood.of("first");
  private final List<String> changes = new ArrayList<>();

  LastGoodTest() {
    source.onChange(changes::add);
  }

  @Test
  void listenersHearOfEachValueOnce() {
    assertThat(source.use("first")).isFalse();
    assertThat(source.use("second")).isTrue();
    assertThat(source.use("second")).isFalse();

    assertThat(changes).containsExactly("second");
  }

  @Test
  void aProblemKeepsTheValueAndIsNewsOnce() {
    assertThat(source.keep("expired")).isTrue();
    assertThat(source.keep("expired")).isFalse();
    assertThat(source.keep("missing")).isTrue();

    assertThat(source.state()).isEqualTo(new LastGood.State<>("first", "missing"));
    assertThat(changes).isEmpty();
  }

  @Test
  void theSameValueAfterAProblemClearsItAndChangesNothing() {
    source.keep("expired");

    assertThat(source.use("first")).isFalse();
    assertThat(source.state()).isEqualTo(new LastGood.State<>("first", null));
    assertThat(source.keep("expired")).as("it is news again").isTrue();
    assertThat(changes).isEmpty();
  }

  @Test
  void aFallbackStandsInUntilTheSourceIsGood() {
    assertThat(source.keep("fallback", "missing")).isTrue();
    assertThat(source.keep("fallback", "missing")).isFalse();
    assertThat(source.state()).isEqualTo(new LastGood.State<>("fallback", "missing"));

    assertThat(source.use("second")).isTrue();
    assertThat(changes).containsExactly("second");
  }
}
