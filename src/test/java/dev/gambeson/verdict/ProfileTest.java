package dev.gambeson.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.Exemptions;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rules.Rules;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** The modes of a rule that checks both its own options and Pod Security controls. */
class ProfileTest {
  private static final Pod DROPS_NOTHING = dropping();
  private static final Pod ADDS_CHOWN =
      new PodBuilder(dropping("ALL"))
          .editSpec()
          .editFirstContainer()
          .editSecurityContext()
          .editCapabilities()
          .addToAdd("CHOWN")
          .endCapabilities()
          .endSecurityContext()
          .endContainer()
          .endSpec()
          .build();

  @Test
  void itsCheckMeansItsOptionsAndRaisesNoControl() {
    assertThat(profile(CheckMode.ENFORCE).check(ADDS_CHOWN, scope(), Instant.EPOCH).findings())
        .extracting(finding -> finding.violation().level(), Finding::mode)
        .containsExactly(tuple(PodSecurityLevel.RESTRICTED, CheckMode.WARN));
  }

  @Test
  void whatBothFindIsReportedOnceInTheStricterMode() {
    assertThat(profile(CheckMode.ENFORCE).check(DROPS_NOTHING, scope(), Instant.EPOCH).findings())
        .extracting(Finding::mode)
        .containsExactly(CheckMode.ENFORCE);
    assertThat(profile(CheckMode.AUDIT).check(DROPS_NOTHING, scope(), Instant.EPOCH).findings())
        .extracting(Finding::mode)
        .containsExactly(CheckMode.WARN);
  }

  @Test
  void aLowestGidThatIsOnlyAuditedNeitherWarnsNorDenies() throws ConfigurationException {
    assertThat(modesUnder("{check: enforce, minimumUid: 3000}"))
        .containsExactly(
            tuple("runAsUser", CheckMode.ENFORCE), tuple("runAsGroup", CheckMode.AUDIT));
    assertThat(modesUnder("{check: warn, enforceFrom: 1969-12-31, minimumUid: 3000}"))
        .containsExactly(
            tuple("runAsUser", CheckMode.ENFORCE), tuple("runAsGroup", CheckMode.AUDIT));
    assertThat(modesUnder("{check: enforce, gid: 1000}"))
        .containsExactly(tuple("runAsGroup", CheckMode.AUDIT));
    assertThat(modesUnder("{check: enforce, minimumGid: 2000}"))
        .containsExactly(tuple("runAsGroup", CheckMode.ENFORCE));
    assertThat(modesUnder("{auditedMinimumGid: null}")).isEmpty();
    assertThat(modesUnder("{check: \"off\"}")).isEmpty();
  }

  private static List<Tuple> modesUnder(String runAsUser) throws ConfigurationException {
    var profile =
        ConfigurationLoader.load(
                """
                apiVersion: gambeson.dev/v1alpha1
                kind: GambesonConfig
                profiles: {standard: {rules: {RunAsUser: %s}}}
                """
                    .formatted(runAsUser),
                "x")
            .profiles()
            .get("standard");
    return Objects.requireNonNull(profile)
        .check(DROPS_NOTHING, scope(), Instant.EPOCH)
        .findings()
        .stream()
        .filter(finding -> finding.violation().rule().equals("RunAsUser"))
        .map(finding -> tuple(finding.violation().path().last(), finding.mode()))
        .toList();
  }

  private static Scope scope() {
    return new Scope(
        "default",
        PodSecurityLevel.PRIVILEGED,
        PodSecurityVersion.LATEST,
        PodSecurityLevel.PRIVILEGED,
        List::of,
        Requester.UNKNOWN,
        Exemptions.NONE);
  }

  private static Profile profile(CheckMode check) {
    return new Profile(
        "test",
        new PodSecurity(
            PodSecurityLevel.BASELINE,
            PodSecurityLevel.RESTRICTED,
            PodSecurityLevel.RESTRICTED,
            PodSecurityVersion.LATEST),
        CheckMode.OFF,
        Set.of(),
        List.of(settings(Rules.named("Capabilities").orElseThrow(), check)));
  }

  private static RuleSettings settings(Rule rule, CheckMode check) {
    return new RuleSettings(rule, FixMode.OFF, ExceptedPods.NONE, check, null);
  }

  private static Pod dropping(String... capabilities) {
    return new PodBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withNewSecurityContext()
        .withNewCapabilities()
        .withDrop(capabilities)
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .build();
  }
}
