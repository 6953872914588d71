package dev.gambeson.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule is documented and has telling cases, and no case belongs to no rule. */
class CatalogueTest {

  static List<Rule> rules() {
    return Rules.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleHasCasesThatItMeetsAndThatItDoesNot(Rule rule) {
    var cases = RuleFixture.of(rule);
    if (rule instanceof Rule.Fix) {
      Predicate<RuleFixture> changes = fixture -> fixture.has("fixed.yaml");
      assertThat(cases).as("a case that the fix changes").anyMatch(changes);
      assertThat(cases).as("a case that the fix leaves alone").anyMatch(changes.negate());
    }
    if (rule instanceof Rule.Check) {
      Predicate<RuleFixture> breaks = fixture -> fixture.has("violations.txt");
      assertThat(cases).as("a case that the check refuses").anyMatch(breaks);
      assertThat(cases).as("a case that the check passes").anyMatch(breaks.negate());
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleListsTheRisksOfWhatItsFixDoes(Rule rule) throws Exception {
    var listed = new ArrayList<Risk>();
    if (rule instanceof Rule.Fix fix) {
      listed.addAll(fix.risks());
    }
    var done = new TreeSet<Risk>();
    for (var fixture : RuleFixture.of(rule)) {
      done.addAll(fixture.run().risks());
    }

    assertThat(List.copyOf(done)).isEqualTo(listed);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleAndItsOptionsAreDocumented(Rule rule) {
    assertThat(rule.getClass()).hasAnnotation(Doc.class);
    assertThat(Arrays.asList(rule.getClass().getRecordComponents()))
        .allMatch(option -> option.isAnnotationPresent(Doc.class));
  }

  @Test
  void namesAreUnique() {
    assertThat(rules()).extracting(Rule::name).doesNotHaveDuplicates();
  }

  @Test
  void everyFixtureBelongsToARule() {
    assertThat(RuleFixture.list(RuleFixture.ROOT))
        .allMatch(folder -> Rules.named(folder.getFileName().toString()).isPresent());
    assertThat(RuleFixture.list(RuleFixture.ROOT).flatMap(RuleFixture::list))
        .allSatisfy(fixture ->
            assertThat(RuleFixture.list(fixture))
                .extracting(file -> file.getFileName().toString())
                .contains("pod.yaml")
                .isSubsetOf(RuleFixture.FILES));
  }
}
