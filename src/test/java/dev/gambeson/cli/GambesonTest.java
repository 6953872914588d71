package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GambesonTest {

  @Test
  void helpNamesEveryCommandAndShowsExamples() {
    var help = Invocation.of("--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("Commands", "version", "Examples", "gambeson review deployment.yaml");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheOneThatWasMeant() {
    var mistyped = Invocation.of("versoin");

    assertThat(mistyped.exitCode()).isEqualTo(2);
    assertThat(mistyped.out()).isEmpty();
    assertThat(mistyped.err()).contains("'versoin'", "Did you mean: gambeson version");
  }

  @Test
  void noCommandIsBadUsage() {
    var nothing = Invocation.of();

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("gambeson --help");
  }

  @Test
  void versionTellsTheVersionAndTheJava() {
    assertThat(Invocation.of("version").out())
        .startsWith("gambeson ")
        .contains("Java " + Runtime.version());
    assertThat(Invocation.of("--version").out()).isEqualTo(Invocation.of("version").out());
  }

  @Test
  void outputThatIsNoTerminalHasNoColour() {
    assertThat(Invocation.of("--help").out()).doesNotContain("\u001b[");
    assertThat(Invocation.of("nonsense").err()).doesNotContain("\u001b[");
  }
}
