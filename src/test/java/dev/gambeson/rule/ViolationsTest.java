package dev.gambeson.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Rules;
import org.junit.jupiter.api.Test;

class ViolationsTest {
  @Test
  void oneStandsForTheOthersOfEachLevelWhereThereAreTooMany() {
    var violations = new Violations(Rules.named("HostPorts").orElseThrow());
    for (int i = 0; i < 20_000; i++) {
      var path = FieldPath.of("spec", "containers", 0, "ports", i);
      violations
          .at(path)
          .level(i % 2 == 0 ? PodSecurityLevel.BASELINE : PodSecurityLevel.RESTRICTED)
          .found("a")
          .wanted("b")
          .withoutRemedy();
    }

    var all = violations.all();

    assertThat(all).hasSize(5_002);
    assertThat(all.subList(5_000, 5_002))
        .extracting(Violation::level)
        .containsExactly(PodSecurityLevel.BASELINE, PodSecurityLevel.RESTRICTED);
    assertThat(all.getLast().message(FieldPath.ROOT))
        .isEqualTo("[HostPorts] spec: found more than 5000 violations of this rule, wanted none");
  }
}
