package dev.gambeson.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.verdict.Exemption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When exemptions end, for alerts. */
class ExemptionMetricsTest {
  private static final String NAME = "gambeson_exemption_expiry_timestamp_seconds";

  @Test
  void everyExemptionThatEndsIsShownForAsLongAsItIsConfigured() throws ConfigurationException {
    var exemptions = new ArrayList<Exemption>(exemptions());
    try (var metrics = new GambesonMetrics("test")) {
      metrics.showExemptions(() -> exemptions);

      assertThat(lines(metrics))
          .containsExactly(
              NAME
                  + "{approved_by=\"me\",exemption=\"1\",namespaces=\"a,b\",rules=\"SeccompProfile\"}"
                  + " 1.806624E9");

      exemptions.clear();
      assertThat(lines(metrics)).isEmpty();
    }
  }

  private static List<String> lines(GambesonMetrics metrics) {
    return metrics.scrape().lines().filter(line -> line.startsWith(NAME)).toList();
  }

  /** The second ends with 2027-03-31 and a day of grace. */
  private static List<Exemption> exemptions() throws ConfigurationException {
    return ConfigurationLoader.load(
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            exemptions:
            - {rules: [HostPorts], users: [alice], reason: x, approvedBy: me}
            - {rules: [SeccompProfile], namespaces: [a, b], reason: x, approvedBy: me, expires: 2027-03-31, grace: 1d}
            """,
            "x")
        .exemptions();
  }
}
