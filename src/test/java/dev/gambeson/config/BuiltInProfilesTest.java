package dev.gambeson.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Generated;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.Profile;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pins what the built-in profiles do, rule by rule. */
class BuiltInProfilesTest {
  private static final Path EXPECTED = Path.of("src/test/resources/config/profiles.txt");

  @Test
  @Tag(Generated.TAG)
  void everyRuleInEveryProfileHasItsMode() throws IOException {
    var table = table(new TreeMap<>(ConfigurationLoader.builtIn().profiles()));
    Generated.assertUpToDate(EXPECTED, table);
  }

  @Test
  void aPlainPodIsAdmittedUnderEveryProfileAfterItsFixes() {
    for (var profile : ConfigurationLoader.builtIn().profiles().values()) {
      var patch =
          new PodPatch(
              new PodBuilder()
                  .withNewMetadata()
                  .withName("web")
                  .endMetadata()
                  .withNewSpec()
                  .addNewContainer()
                  .withName("web")
                  .withImage("nginx")
                  .endContainer()
                  .endSpec()
                  .build());
      var scope = profile.scope("default", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
      profile.fix(FixMode.APPLY, patch, scope, Set.of());
      var findings =
          profile.check(patch.pod(), scope, Instant.parse("2026-11-21T12:00:00Z")).findings();
      assertThat(findings)
          .as(profile.name())
          .filteredOn(finding -> finding.mode() == CheckMode.ENFORCE)
          .isEmpty();
    }
  }

  private static String table(Map<String, Profile> profiles) {
    var lines = new ArrayList<List<String>>();
    var names = List.copyOf(profiles.keySet());
    var rules = profiles.values().iterator().next().rules().stream().map(s -> s.rule()).toList();
    var head = new ArrayList<>(List.of("rule"));
    names.forEach(name -> head.addAll(List.of(name + " fix", "check", "controls")));
    lines.add(head);
    for (int i = 0; i < rules.size(); i++) {
      var line = new ArrayList<String>(List.of(rules.get(i).name()));
      for (var profile : profiles.values()) {
        var settings = profile.rules().get(i);
        var rule = settings.rule();
        line.add(rule instanceof Rule.Fix ? ScalarType.spelt(settings.fix()) : "–");
        line.add(
            rule instanceof Rule.Check check && check.checksOptions()
                ? ScalarType.spelt(settings.check())
                : "–");
        line.add(
            rule instanceof Rule.Check check && !check.controls().isEmpty()
                ? check.controls().stream()
                    .sorted()
                    .map(level -> initial(level) + ":" + mode(profile, level))
                    .collect(Collectors.joining(" "))
                : "–");
      }
      lines.add(line);
    }
    var text = new StringBuilder();
    for (var line : lines) {
      for (int column = 0; column < line.size(); column++) {
        int at = column;
        int width = lines.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
        text.append(line.get(column)).append(" ".repeat(width + 2 - line.get(column).length()));
      }
      text.replace(0, text.length(), text.toString().stripTrailing()).append('\n');
    }
    profiles.forEach((name, profile) ->
        text.append('\n')
            .append(name)
            .append(": workloads ")
            .append(ScalarType.spelt(profile.workloads()))
            .append(", skippable ")
            .append(profile.skippable().stream().sorted().toList())
            .append(", Pod Security ")
            .append(profile.podSecurity().version()));
    return text.append('\n').toString();
  }

  private static char initial(PodSecurityLevel level) {
    return level.name().charAt(0);
  }

  private static String mode(Profile profile, PodSecurityLevel level) {
    return ScalarType.spelt(profile.podSecurity().mode(level));
  }
}
