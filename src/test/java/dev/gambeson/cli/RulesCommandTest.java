package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.Generated;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RulesCommandTest {
  private static final Path PAGES = Path.of("docs", "rules");

  @Test
  @Tag(Generated.TAG)
  void thePagesOfTheDocumentationAreWhatTheCommandPrints() throws IOException {
    var wanted = new TreeMap<String, String>();
    wanted.put("README.md", Invocation.of("rules", "--output", "markdown").out());
    for (Rule rule : Rules.all()) {
      wanted.put(
          rule.name() + ".md", Invocation.of("rules", rule.name(), "--output", "markdown").out());
    }

    for (var page : wanted.entrySet()) {
      Generated.assertUpToDate(PAGES.resolve(page.getKey()), page.getValue());
    }
    for (var name : pages()) {
      if (Generated.isUpdate() && !wanted.containsKey(name)) {
        Files.delete(PAGES.resolve(name));
      }
    }
    assertThat(pages()).containsExactlyInAnyOrderElementsOf(wanted.keySet());
  }

  @Test
  void everyRuleIsListedWithItsSummary() {
    var list = Invocation.of("rules");

    assertThat(list.exitCode()).isZero();
    assertThat(list.out())
        .contains(Rules.all().stream().map(Rule::name).toArray(String[]::new))
        .containsPattern("Timezone +fix +Gives every container")
        .contains("AllowPrivilegeEscalation  fix, check");
  }

  @Test
  void theIndexSaysWhatEachBuiltInProfileDoesWithEachRule() {
    assertThat(Invocation.of("rules", "--output", "markdown").out())
        .contains("| `observe` | `standard` | `strict` |")
        .containsPattern(
            "\\[HostNetworkDns].+ \\| fix: audit<br>check: audit \\| fix: apply<br>check: warn \\| fix: apply")
        .containsPattern(
            "\\[Capabilities].+ \\| fix: audit<br>check: enforce \\(baseline\\), warn \\(restricted\\)")
        .containsPattern("\\[Timezone].+ \\| fix: audit \\| fix: apply \\| fix: apply \\|")
        .containsPattern(
            "\\[Privileged].+ \\| check: audit \\| check: enforce \\| check: enforce \\|");
  }

  @Test
  void linesOfThePagesEndAtColumn100() throws IOException {
    for (var page : pages()) {
      assertThat(Files.readAllLines(PAGES.resolve(page)))
          .as(page)
          .filteredOn(line -> !line.startsWith("|"))
          .allMatch(line -> line.length() <= 100);
    }
  }

  @Test
  void oneRuleIsExplainedWithItsOptionsAndProfiles() {
    var timezone = Invocation.of("rules", "timezone").out();

    assertThat(timezone)
        .startsWith("Timezone (fix)\n")
        .contains(
            "What the fix may do: safe, may stop the image\n",
            "What the fix leaves alone (except): pods of a controller of kind"
                + " `VirtualMachineInstance`\n",
            "zone: ",
            "default env")
        .containsPattern("standard +fix apply +check –")
        .containsPattern("observe +fix audit +check –");
  }

  @Test
  void jsonIsForPrograms() throws JsonProcessingException {
    var mapper = new ObjectMapper();
    var all = mapper.readTree(Invocation.of("rules", "--output", "json").out()).path("rules");
    var one =
        mapper.readTree(
            Invocation.of("rules", "AllowPrivilegeEscalation", "--output", "json").out());

    assertThat(all).hasSize(Rules.all().size()).contains(one);
    assertThat(one.path("fix").asBoolean()).isTrue();
    assertThat(one.path("except"))
        .hasToString("{\"ownerKinds\":[\"VirtualMachineInstance\"],\"priorityClasses\":[]}");
    assertThat(one.path("risk").asText()).isEqualTo("may stop the image");
    assertThat(
            mapper
                .readTree(Invocation.of("rules", "Resources", "--output", "json").out())
                .path("risks"))
        .hasToString("[\"scheduling\",\"may fail at runtime\"]");
    assertThat(one.path("podSecurity")).hasToString("[\"restricted\"]");
    assertThat(one.at("/profiles/strict/check").asText()).isEqualTo("enforce");
    assertThat(one.at("/profiles/standard/check").asText()).isEqualTo("warn");
  }

  @Test
  void aRuleThatDoesNotExistIsBadUsage() {
    var nothing = Invocation.of("rules", "TimeZones");

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("no rule \"TimeZones\", did you mean \"Timezone\"?\n");
    assertThat(Invocation.of("rules", "zones").err()).contains("no rule \"zones\"; there are ");
  }

  private static List<String> pages() throws IOException {
    try (var files = Files.list(PAGES)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
