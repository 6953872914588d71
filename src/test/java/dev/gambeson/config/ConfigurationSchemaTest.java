package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.gambeson.rules.Rules;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationSchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(ConfigurationSchema.write());

  private static Set<ValidationMessage> validate(String text) throws YamlException {
    return SCHEMA.validate(TestYaml.value(text));
  }

  static List<Path> goodFilesAreValid() {
    return List.of(
        Path.of("src/main/resources/dev/gambeson/config/builtin.yaml"),
        Path.of("src/test/resources/config/all-options.yaml"),
        Path.of("examples/config.yaml"));
  }

  @ParameterizedTest
  @MethodSource
  void goodFilesAreValid(Path file) throws IOException, YamlException {
    assertThat(validate(Files.readString(file))).isEmpty();
  }

  @Test
  void whatIsShownIsValid() throws YamlException {
    assertThat(validate(ConfigurationWriter.write(ConfigurationLoader.builtIn()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "profiles: {strict: {rules: {Resources: {requests: {cpu: 1, memory: null}, limits: null}}}}",
        "profiles: {strict: {rules: {Timezone: {fix: off}}}}",
        "profiles: {strict: {rules: {Timezone: {except: {ownerKinds: [Job], priorityClasses: null}}, HostUsers: {except: null}}}}",
        "exemptions: null",
        "exemptions: [{rules: [SeccompProfile], users: [a], reason: r, approvedBy: a, expires: 2027-03-31T18:00:00Z, grace: 7d}]",
        "exemptions: [{rules: [HostPathVolumes], namespaces: ['a-*'], reason: r, approvedBy: a, values: {paths: [/a], readOnly: true}}]",
        "profiles: {strict: null, mine: {extends: none, podSecurity: {enforce: baseline}}}",
      })
  void whatTheLoaderTakesIsValid(String body) throws YamlException, ConfigurationException {
    assertThat(ConfigurationLoader.load(HEADER + body, "x")).isNotNull();
    assertThat(validate(HEADER + body)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enforcement: maybe",
        "exemptions: {}",
        "exemptions: [{namespaces: [a], reason: r, approvedBy: a}]",
        "exemptions: [{rules: [Probes], namespaces: [a], reason: r}]",
        "exemptions: [{rules: [SeccompProfile], namespace: [a], reason: r, approvedBy: a}]",
        "exemptions: [{rules: [SeccompProfile], namespaces: [a], reason: r, approvedBy: a, expires: soon}]",
        "exemptions: [{rules: [Privileged], namespaces: [a], reason: r, approvedBy: a, values: {image: [a/b]}}]",
        "namespaces: [{match: [a]}]",
        "profiles: {Strict: {}}",
        "profiles: {default: {}}",
        "profiles: {strict: {podSecurity: {enforce: base}}}",
        "profiles: {strict: {podSecurity: {version: 1.36}}}",
        "profiles: {strict: {skippable: [Privileged]}}",
        "profiles: {strict: {rules: {Timezon: {}}}}",
        "profiles: {strict: {rules: {Timezone: {fix: yes}}}}",
        "profiles: {strict: {rules: {Timezone: {check: warn}}}}",
        "profiles: {strict: {rules: {Privileged: {fix: apply}}}}",
        "profiles: {strict: {rules: {Privileged: {except: {ownerKinds: [Job]}}}}}",
        "profiles: {strict: {rules: {Timezone: {except: {ownerKind: [Job]}}}}}",
        "profiles: {strict: {rules: {Timezone: {except: {ownerKinds: Job}}}}}",
        "profiles: {strict: {rules: {Resources: {requests: {cpu: lots}}}}}",
        "profiles: {strict: {rules: {Resources: {enforceFrom: soon, check: warn}}}}",
        "profiles: {strict: {rules: {RunAsUser: {minimumUid: 1.5}}}}",
        "profiles: {strict: {rules: {PodAntiAffinity: {strength: weak}}}}",
        "profiles: {strict: {rules: {PodAntiAffinity: {matchExpressions: [{operator: In}]}}}}",
      })
  void whatTheLoaderRefusesIsInvalid(String body) throws YamlException {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> ConfigurationLoader.load(HEADER + body, "x")))
        .isInstanceOf(ConfigurationException.class);
    assertThat(validate(HEADER + body)).isNotEmpty();
  }

  /** An editor completes what an administrator would otherwise look up. */
  @Test
  void everyKeyIsDescribed() {
    var schema = SCHEMA.getSchemaNode();
    for (var at :
        List.of(
            "", "/$defs/profile", "/properties/namespaces/items", "/properties/exemptions/items")) {
      for (var key : schema.at(at + "/properties").properties()) {
        assertThat(key.getValue().has("description") || key.getValue().has("const"))
            .as(at + "/" + key.getKey())
            .isTrue();
      }
    }
  }

  @Test
  void everyRuleIsDescribed() {
    var rules = SCHEMA.getSchemaNode().at("/$defs/profile/properties/rules/properties");
    for (var rule : Rules.all()) {
      assertThat(rules.path(rule.name()).path("description").asText()).as(rule.name()).isNotEmpty();
    }
  }
}
