package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.yaml.TestYaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of every rule can be set, and arrives; the file has a value for each. */
class RuleOptionsTest {
  private static final String FILE = "/config/all-options.yaml";

  static Stream<Rule> everyOptionArrives() {
    return Rules.all().stream();
  }

  private static String file() throws IOException {
    try (var file = RuleOptionsTest.class.getResourceAsStream(FILE)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode written() throws Exception {
    return TestYaml.value(file()).at("/profiles/all/rules");
  }

  @ParameterizedTest
  @MethodSource
  void everyOptionArrives(Rule rule) throws Exception {
    var type = RecordType.of(rule.getClass());
    var written = written().path(rule.name());
    var options = new TreeSet<String>();
    written.fieldNames().forEachRemaining(options::add);
    options.removeAll(List.of("fix", "except", "check", "enforceFrom"));
    assertThat(options)
        .as("the options of %s in src/test/resources%s", rule.name(), FILE)
        .containsExactlyInAnyOrderElementsOf(type.names());

    var configuration = ConfigurationLoader.load(file(), FILE);
    var settings =
        ConfigurationLoaderTest.rule(
            ConfigurationLoaderTest.profile(configuration, "all"), rule.name());
    var arrived = type.write(settings.rule());
    for (var name : options) {
      assertThat(arrived.get(name)).as(name).isEqualTo(written.get(name));
      assertThat(written.get(name))
          .as("%s: the value must not be the default, or nothing is shown by it", name)
          .isNotEqualTo(type.write(rule).get(name));
    }
    if (rule instanceof Rule.Fix) {
      assertThat(ScalarType.spelt(settings.fix())).isEqualTo(written.path("fix").asText());
    }
    if (rule instanceof Rule.Check) {
      assertThat(ScalarType.spelt(settings.check())).isEqualTo(written.path("check").asText());
      assertThat(settings.enforceFrom()).hasToString(written.path("enforceFrom").asText());
    }
  }

  @Test
  void theFileNamesNoRuleThatIsNot() throws Exception {
    assertThat(written().properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(Rules.all().stream().map(Rule::name).toList());
  }

  @Test
  void everyOptionIsDocumented() {
    for (var rule : Rules.all()) {
      assertThat(RecordType.of(rule.getClass()).components())
          .as(rule.name())
          .allSatisfy(option -> assertThat(option.doc()).as(option.name()).isNotEmpty());
    }
  }

  @Test
  void anOptionalOptionCanBeRemoved() throws ConfigurationException {
    var configuration =
        ConfigurationLoader.load(
            HEADER
                + """
                profiles:
                  standard: {rules: {RunAsUser: {uid: 2000, minimumUid: 1000}}}
                  strict: {rules: {RunAsUser: {uid: null}}}
                """,
            "x");
    var settings =
        ConfigurationLoaderTest.rule(
            ConfigurationLoaderTest.profile(configuration, "strict"), "RunAsUser");
    assertThat(RecordType.of(settings.rule().getClass()).write(settings.rule()).toString())
        .isEqualTo("{\"minimumUid\":1000,\"auditedMinimumGid\":3000}");
  }
}
