package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Judgement;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.SkippedFixes;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The verdict on every fixture of the Pod Security Standards is that of the API server's own
 * admission plugin. The fixtures are those of its project, {@code
 * <gambeson.data>/pss-fixtures/<level>/<version>/{pass,fail}/<control><number>.yaml}.
 */
class PodSecurityConformanceTest {
  private static final Pattern FIXTURE =
      Pattern.compile(
          "(?<level>baseline|restricted)/(?<version>v1\\.\\d+)/(?<verdict>pass|fail)/"
              + "(?<control>[a-z]+)(_[a-z]+)?\\d*\\.yaml");

  private final ReviewCodec codec = new ReviewCodec();
  private final Map<String, Profile> profiles = new HashMap<>();

  @Test
  void everyFixtureMeetsTheVerdictOfTheStandard() throws Exception {
    var data = System.getProperty("gambeson.data", "");
    assumeThat(data).as("skipped: -Dgambeson.data names no folder with fixtures").isNotEmpty();
    var folder = Path.of(data, "pss-fixtures");

    var differences = new ArrayList<String>();
    var files = files(folder);
    for (var file : files) {
      var fixture = FIXTURE.matcher(folder.relativize(file).toString());
      assertThat(fixture.matches()).as("%s has a name that tells its verdict", file).isTrue();
      var broken = brokenRules(file, fixture.group("level"), fixture.group("version"));
      var rules = rulesOf(fixture.group("control"));
      boolean agrees =
          fixture.group("verdict").equals("pass")
              ? broken.isEmpty()
              : broken.stream().anyMatch(rules::contains);
      if (!agrees) {
        differences.add(file + ": found " + broken);
      }
    }

    assertThat(files).hasSizeGreaterThan(1000);
    assertThat(differences).isEmpty();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static Set<String> rulesOf(String control) {
    return switch (control) {
      case "hostprobesandhostlifecycle" -> Set.of("HostProbes");
      case "restrictedvolumes" -> Set.of("VolumeTypes", "HostPathVolumes");
      default ->
          Rules.all().stream()
              .map(Rule::name)
              .filter(control::equalsIgnoreCase)
              .collect(Collectors.toSet());
    };
  }

  private Set<String> brokenRules(Path file, String level, String version)
      throws IOException, YamlException, ConfigurationException, MalformedReviewException {
    var profile = podSecurityOnly(level, version);
    var pod = codec.pod(TestYaml.value(Files.readString(file)));
    PodDefaults.apply(pod);
    var scope = profile.scope("default", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
    var skipped = SkippedFixes.of(pod, profile);
    return Judgement.of(profile, new PodPatch(pod), scope, skipped, Instant.EPOCH, true)
        .enforced()
        .stream()
        .map(finding -> finding.violation().rule())
        .collect(Collectors.toSet());
  }

  private Profile podSecurityOnly(String level, String version) throws ConfigurationException {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: conformance
        profiles:
          conformance:
            podSecurity: {enforce: %s, version: %s}
        """
            .formatted(level, version);
    var known = profiles.get(configuration);
    if (known != null) {
      return known;
    }
    var profile =
        ConfigurationLoader.load(configuration, "conformance")
            .profileFor("default", null)
            .profile();
    profiles.put(configuration, profile);
    return profile;
  }
}
