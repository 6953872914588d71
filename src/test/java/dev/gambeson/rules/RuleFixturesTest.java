package dev.gambeson.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Generated;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule, alone, does to each of its cases what the case says; {@code mvn test -Pupdate} writes
 * down what it does.
 */
class RuleFixturesTest {

  @TestFactory
  @Tag(Generated.TAG)
  Stream<DynamicContainer> rules() {
    return Rules.all().stream()
        .map(rule ->
            DynamicContainer.dynamicContainer(
                rule.name(),
                RuleFixture.of(rule).stream()
                    .map(fixture ->
                        DynamicTest.dynamicTest(
                            fixture.toString(), fixture.folder().toUri(), () -> verify(fixture)))));
  }

  private static void verify(RuleFixture fixture) throws Exception {
    var result = fixture.run();
    if (Generated.isUpdate()) {
      fixture.rewrite(result);
    }
    assertThat(result.patched()).as("the fixed pod").isEqualTo(fixture.fixed());
    assertThat(RuleFixture.json(result.copy()))
        .as("the copy that later rules see")
        .isEqualTo(RuleFixture.modelled(result.patched()));
    assertThat(result.operationsOnPatched()).as("operations for the fixed pod").isZero();
    assertThat(result.violations())
        .as("violations")
        .containsExactlyElementsOf(fixture.lines("violations.txt"));
    assertThat(result.warnings())
        .as("warnings")
        .containsExactlyElementsOf(fixture.lines("warnings.txt"));
  }
}
