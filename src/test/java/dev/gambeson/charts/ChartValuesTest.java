package dev.gambeson.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gambeson.Generated;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of the chart's values, and what Helm refuses before it installs anything. */
class ChartValuesTest {

  /** Zones are added to the IANA database, never taken away: of two versions the newer has all. */
  @Test
  void theSchemaListsTheZonesThatTheRuleTakes() throws IOException, YamlException {
    var listed = Zones.ofTheChart();
    var taken = Zones.ofThisJdk();
    int newer = taken.version().compareTo(listed.version());
    if (newer >= 0) {
      assertThat(taken.names()).containsAll(listed.names());
    }
    if (newer <= 0) {
      assertThat(listed.names()).containsAll(taken.names());
    }
    assertThat(listed.names()).contains("UTC", "Asia/Shanghai").doesNotContain("CST");
  }

  @Test
  void noZoneIsChosenWhereTheValuesNameNone() throws IOException {
    assertThat(Chart.render(Chart.NAMESPACE, "{}")).doesNotContain("zone: UTC");
    assertThat(Chart.render(Chart.NAMESPACE, "timezone: UTC")).contains("zone: UTC");
  }

  @Test
  void aZoneThatIsNewerThanTheChartIsTakenUnchecked() throws IOException {
    assertThat(
            Chart.render(Chart.NAMESPACE, "{timezone: Antarctica/Erebus, timezoneUnchecked: true}"))
        .contains("zone: Antarctica/Erebus");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CST", "Asia/Shangai", "asia/shanghai", "Shanghai", "PRC/Beijing"})
  void aTimeZoneThatIsNoneIsRefusedAndTheWayOutIsNamed(String zone) {
    assertThatThrownBy(() -> Chart.render(Chart.NAMESPACE, "timezone: " + zone))
        .hasMessageContaining("at '/timezone'")
        .hasMessageContaining("timezoneUnchecked: true");
  }

  @Test
  @Tag(Generated.TAG)
  void theReadmeIsWrittenFromItsTemplateAndTheValues() throws IOException, YamlException {
    var template = Files.readString(Chart.FOLDER.resolve("README.template.md"));
    Generated.assertUpToDate(
        Chart.FOLDER.resolve("README.md"),
        template.replace("{{ values }}\n", ChartValues.read().table()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicaCount: many                              | replicaCount
          replicaCount: -1                                | replicaCount
          replicas: 5                                     | replicas
          image: {pullPolicy: Sometimes}                  | image/pullPolicy
          image: {digest: latest}                         | image/digest
          image: {repo: gambeson}                         | image
          containerPort: 70000                            | containerPort
          certs: {mode: vault}                            | certs/mode
          webhook: {failurePolicy: {strict: Deny}}        | webhook/failurePolicy/strict
          webhook: {timeoutSeconds: 31}                   | webhook/timeoutSeconds
          webhook: {excludedNamespaces: kube-public}      | webhook/excludedNamespaces
          selectableProfiles: []                          | selectableProfiles
          selectableProfiles: [strict, strict]            | selectableProfiles
          selectableProfiles: [Strict]                    | selectableProfiles/0
          metrics: {serviceMonitor: {enabled: 'yes'}}     | metrics/serviceMonitor/enabled
          timezone: shanghai                              | timezone
          timezone: '+08:00'                              | timezone
          configuration: {profils: {}}                    | configuration
          configuration: {apiVersion: gambeson.dev/v1}    | configuration
          configuration: {profiles: {default: {}}}        | invalid propertyName 'default'
          configuration: {profiles: {mine: {rules: {Probes: {chek: warn}}}}} | configuration/profiles/mine/rules/Probes
          configuration: {exemptions: [{rules: [Probes]}]} | configuration/exemptions/0
          podDisruptionBudget: {maxUnavailable: 0}        | podDisruptionBudget/maxUnavailable
          podDisruptionBudget: {maxUnavailable: 0%}       | podDisruptionBudget/maxUnavailable
          imagePullSecrets: [registry]                    | imagePullSecrets/0
          imagePullSecrets: [{secretName: registry}]      | imagePullSecrets/0
          nodeSelector: {pool: 1}                         | nodeSelector/pool
          podAnnotations: {scrape: true}                  | podAnnotations/scrape
          service: {annotations: {internal: true}}        | service/annotations/internal
          commonLabels: {cost: 1}                         | commonLabels/cost
          commonLabels: {app.kubernetes.io/name: mine}    | app.kubernetes.io/name
          podLabels: {app.kubernetes.io/component: mine}  | app.kubernetes.io/component
          networkPolicy: {egress: {ports: []}}            | networkPolicy/egress/ports
          networkPolicy: {egress: {ports: [https]}}       | networkPolicy/egress/ports/0
          networkPolicy: {egress: {cidrs: [10.0.0.1]}}    | networkPolicy/egress/cidrs/0
          timezoneUnchecked: 'yes'                        | timezoneUnchecked
          podDisruptionBudget: {maxUnavailable: [1]}      | podDisruptionBudget/maxUnavailable
          """)
  void aWrongValueIsRefusedWithItsPath(String values, String path) {
    assertThatThrownBy(() -> Chart.render(Chart.NAMESPACE, values))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(path);
  }

  @Test
  void everyProfileThatThereIsMayBeNamed() throws IOException {
    for (var name : ConfigurationLoader.builtIn().profiles().keySet()) {
      assertThat(
              Chart.render(
                  Chart.NAMESPACE,
                  "{selectableProfiles: [%s], webhook: {failurePolicy: {%s: Ignore}}}"
                      .formatted(name, name)))
          .isNotEmpty();
    }
  }

  @Test
  void everyTimeZoneIsTaken() throws IOException, YamlException {
    var zones = Zones.ofThisJdk();
    var schema = TestYaml.value(ChartValues.read().schema(zones));
    assertThat(zones.names())
        .allMatch(zone -> zone.matches(schema.at("/properties/timezone/pattern").asText()));
  }

  @Test
  void whatTheConfigurationMaySayIsTaken() throws IOException {
    var written = Files.readString(Path.of("src/test/resources/config/all-options.yaml"));
    assertThat(Chart.render(Chart.NAMESPACE, "configuration:\n" + written.indent(2))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          certs: {mode: provided}  | certs.provided.secretName is needed
          mtls: {enabled: true}    | mtls.configMapName is needed
          selectableProfiles: [standard, strikt]  | selectableProfiles[1]: there is no profile "strikt": there are observe, standard, strict;
          webhook: {failurePolicy: {mine: Fail}}  | webhook.failurePolicy.mine: there is no profile "mine"
          configuration: {defaultProfile: mine}   | configuration.defaultProfile: there is no profile "mine"
          containerPort: 8080      | containerPort and managementPort are both 8080
          {hostNetwork: true, containerPort: 443} | must be 1024 or more
          {hostNetwork: true, managementPort: 80} | must be 1024 or more
          """)
  void valuesThatDoNotFitTogetherAreRefused(String values, String message) {
    assertThatThrownBy(() -> Chart.render(Chart.NAMESPACE, values)).hasMessageContaining(message);
  }
}
