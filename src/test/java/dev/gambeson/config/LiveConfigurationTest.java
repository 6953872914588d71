package dev.gambeson.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is in force when a source says something bad, or nothing, before or after a good text. */
class LiveConfigurationTest {
  private static final String WARN = text("warn");
  private static final String ENFORCE = text("enforce");
  private static final String BAD = text("maybe");

  private final LiveConfiguration live = LiveConfiguration.builtIn("x", () -> Instant.EPOCH);

  @Test
  void nothingIsKnownBeforeTheSourceIsAsked() {
    assertThat(live.state().known()).isFalse();
  }

  @Test
  void aBadTextWithNothingGoodBehindItIsNotWhatShouldBeInForce() {
    live.update(BAD);
    assertThat(live.state().known()).isFalse();
    assertThat(live.state().failure()).contains("maybe");

    live.update(WARN);
    assertThat(live.state().known()).isTrue();
    assertThat(live.state().failure()).isNull();
    assertThat(live.state().configuration().enforce()).isFalse();
  }

  @Test
  void whereThereIsNoTextTheBuiltInProfilesAreInForce() {
    live.reportMissing("no ConfigMap");
    assertThat(live.state().known()).isTrue();

    live.update(BAD);
    assertThat(live.state().known()).as("somebody asked for something else").isFalse();

    live.reportMissing("no ConfigMap");
    assertThat(live.state().known()).isTrue();
  }

  @Test
  void theLastGoodTextStandsBehindABadOneWheneverItIsFound() {
    live.update(BAD);
    live.recover(WARN);

    assertThat(live.state().known()).isTrue();
    assertThat(live.state().configuration().enforce()).isFalse();
    assertThat(live.state().failure()).as("the source is bad still").contains("maybe");
  }

  @Test
  void aLastGoodTextThatIsGoodNoLongerStandsBehindNothing() {
    live.recover(BAD);
    live.update(BAD);

    assertThat(live.state().known()).isFalse();
  }

  @Test
  void theLastGoodTextNeverTakesThePlaceOfAGoodOne() {
    live.update(ENFORCE);
    live.recover(WARN);

    assertThat(live.state().configuration().enforce()).isTrue();
  }

  @Test
  void aBadTextChangesNothingAfterAGoodOne() {
    live.update(WARN);
    live.update(BAD);

    assertThat(live.state().known()).isTrue();
    assertThat(live.state().configuration().enforce()).isFalse();
  }

  private static String text(String enforcement) {
    return """
    apiVersion: gambeson.dev/v1alpha1
    kind: GambesonConfig
    enforcement: %s
    """
        .formatted(enforcement);
  }
}
