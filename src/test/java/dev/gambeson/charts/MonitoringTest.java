package dev.gambeson.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.ReviewStats;
import dev.gambeson.admission.Webhook;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The alerts and the dashboard ask for metrics that there are. */
class MonitoringTest {
  private static final Pattern METRIC = Pattern.compile("gambeson_[a-z_]+");
  private static final Pattern ENTRIES = Pattern.compile("name=~\"([^\"]+)\"");
  private static final Pattern EXPOSED = Pattern.compile("(?m)^(gambeson_[a-z_]+)[{ ]");

  @Test
  void everyMetricInAnAlertIsExposed() throws Exception {
    var alerts =
        Chart.object("metrics: {prometheusRule: {enabled: true}}", "PrometheusRule")
            .at("/spec/groups/0/rules")
            .valueStream()
            .map(alert -> alert.path("expr").asText())
            .collect(Collectors.joining("\n"));
    assertThat(named(alerts)).isNotEmpty().isSubsetOf(exposed());
  }

  @Test
  void everyMetricOnTheDashboardIsExposed() throws Exception {
    var dashboard = Files.readString(Chart.FOLDER.resolve("dashboard.json"));
    assertThat(named(dashboard)).isNotEmpty().isSubsetOf(exposed());
  }

  @Test
  void theBadDaysToComeAreAlertedOn() throws Exception {
    assertThat(
            Chart.object("metrics: {prometheusRule: {enabled: true}}", "PrometheusRule")
                .at("/spec/groups/0/rules")
                .valueStream()
                .map(alert -> alert.path("alert"))
                .map(JsonNode::asText))
        .contains(
            "GambesonCAExpires",
            "GambesonCannotStoreItsSecret",
            "GambesonUnknownProfile",
            "GambesonExemptionExpires");
  }

  /** By the names of the chart's own entries that judge pods, and of no others. */
  @ParameterizedTest
  @CsvSource({
    "GambesonPodsPassUnjudged, validating, ValidatingWebhookConfiguration, validate",
    "GambesonPodsPassUnfixed, admit, MutatingWebhookConfiguration, mutate"
  })
  void podsThatPassForWantOfAnAnswerAreAlertedOn(
      String alert, String type, String configuration, String kind) throws Exception {
    var expression =
        Chart.object("metrics: {prometheusRule: {enabled: true}}", "PrometheusRule")
            .at("/spec/groups/0/rules")
            .valueStream()
            .filter(rule -> rule.path("alert").asText().equals(alert))
            .findFirst()
            .orElseThrow()
            .path("expr")
            .asText();
    assertThat(expression)
        .contains("apiserver_admission_webhook_fail_open_count{type=\"%s\", ".formatted(type));
    var names = ENTRIES.matcher(expression);
    assertThat(names.find()).isTrue();
    assertThat(Chart.object("", configuration).path("webhooks").valueStream())
        .extracting(entry -> entry.path("name").asText())
        .allMatch(name ->
            name.matches(names.group(1)) == name.endsWith(".%s.gambeson.dev".formatted(kind)))
        .anyMatch(name -> name.matches(names.group(1)));
  }

  @Test
  void theFirstHealableDenialIsAnIncrease() {
    try (var metrics = new GambesonMetrics("test")) {
      var lines = metrics.scrape().lines().toList();
      for (var rule : Rules.all()) {
        assertThat(lines)
            .contains("gambeson_healable_denials_total{rule=\"" + rule.name() + "\"} 0.0");
      }
    }
  }

  private static Set<String> named(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of a replica in a cluster that has judged a pod. */
  private static Set<String> exposed() throws ConfigurationException {
    var exemptions =
        ConfigurationLoader.load(
                """
                apiVersion: gambeson.dev/v1alpha1
                kind: GambesonConfig
                exemptions: [{rules: [Probes], namespaces: [a], reason: b, approvedBy: c, expires: 2027-03-31}]
                """,
                "x")
            .exemptions();
    var violation =
        new Violation("Probes", null, null, FieldPath.of("spec"), "a", "b", List.of(), null);
    var stats =
        new ReviewStats(
            "strict",
            null,
            List.of("Timezone"),
            List.of(),
            List.of(new Finding(violation, CheckMode.WARN, null, "")),
            List.of(),
            List.of("Probes"),
            List.of());
    try (var metrics = new GambesonMetrics("test")) {
      metrics.showEnforcement(() -> true);
      metrics.showConfigurationRead(() -> Instant.EPOCH);
      metrics.showStaleConfiguration(() -> false);
      metrics.showExemptions(() -> exemptions);
      metrics.showCertificateExpiry(() -> Instant.EPOCH);
      metrics.showAuthorityExpiry(() -> Instant.EPOCH);
      metrics.showUnwatched(() -> 0);
      metrics.showConnections(() -> 1);
      metrics.review(
          Webhook.MUTATE,
          "Pod",
          new Decision.Allowed(null, List.of(), Map.of(), stats),
          Duration.ofMillis(1));
      return EXPOSED
          .matcher(metrics.scrape())
          .results()
          .map(line -> line.group(1))
          .collect(Collectors.toSet());
    }
  }
}
