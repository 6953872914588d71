package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.Profile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server's own Pod Security admission and our controls refuse the same pods for the same
 * reasons, before and after every change of a control. {@code -Dgambeson.seed=N} tries other pods.
 */
@ExtendWith(ClusterExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodSecurityDifferentialTest {
  private static final Logger LOG = LoggerFactory.getLogger(PodSecurityDifferentialTest.class);
  private static final long SEED = Long.getLong("gambeson.seed", 1);
  private static final int PODS = 100;

  /** Of the pods that are admitted, one in so many is stored and gets a debug container. */
  private static final int DEBUGGED = 3;

  /** The first version, and of each change of a control the one before and the one after. */
  private static final List<String> VERSIONS =
      List.of(
          "v1.0", "v1.7", "v1.8", "v1.18", "v1.19", "v1.21", "v1.22", "v1.23", "v1.24", "v1.25",
          "v1.26", "v1.27", "v1.28", "v1.29", "v1.30", "v1.31", "v1.32", "v1.33", "v1.34", "v1.35",
          "latest");

  /** What the plugin calls a control, and the rule that checks it. */
  private static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry("allowPrivilegeEscalation != false", "AllowPrivilegeEscalation"),
          Map.entry("forbidden AppArmor profile", "AppArmorProfile"),
          Map.entry("forbidden AppArmor profiles", "AppArmorProfile"),
          Map.entry("non-default capabilities", "Capabilities"),
          Map.entry("unrestricted capabilities", "Capabilities"),
          Map.entry("host namespaces", "HostNamespaces"),
          Map.entry("hostPath volumes", "HostPathVolumes"),
          Map.entry("hostPort", "HostPorts"),
          Map.entry("probe or lifecycle host", "HostProbes"),
          Map.entry("privileged", "Privileged"),
          Map.entry("procMount", "ProcMount"),
          Map.entry("restricted volume types", "VolumeTypes"),
          Map.entry("runAsNonRoot != true", "RunAsNonRoot"),
          Map.entry("runAsUser=0", "RunAsUser"),
          Map.entry("seLinuxOptions", "SELinuxOptions"),
          Map.entry("seccompProfile", "SeccompProfile"),
          Map.entry("forbidden sysctls", "Sysctls"),
          Map.entry("hostProcess", "WindowsHostProcess"));

  private static final Pattern REFUSAL =
      Pattern.compile("pods \"[^\"]*\" is forbidden: violates PodSecurity \"[^\"]*\": (?<why>.*)");

  private static final Pattern DETAIL = Pattern.compile(" \\([^)]*\\)");

  private final Cluster cluster;
  private final String lenient;
  private final ReviewCodec codec = new ReviewCodec();

  PodSecurityDifferentialTest(Cluster cluster) {
    this.cluster = cluster;
    lenient = cluster.namespace(Registered.NOT, Map.of());
  }

  static Stream<Arguments> standards() {
    return VERSIONS.stream()
        .flatMap(version ->
            Stream.of(Arguments.of("baseline", version), Arguments.of("restricted", version)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("standards")
  void thePluginAndTheControlsAgree(String level, String version) throws Exception {
    var enforced =
        cluster.namespace(
            Registered.NOT,
            Map.of(
                "pod-security.kubernetes.io/enforce", level,
                "pod-security.kubernetes.io/enforce-version", version));
    var trial = new Trial(level, profile(level, version), enforced);
    long first = (SEED * VERSIONS.size() + VERSIONS.indexOf(version)) * PODS;
    for (long seed = first; seed < first + PODS; seed++) {
      trial.judge(seed);
    }
    LOG.info("{} {}: {}", level, version, trial.counts());
    assertThat(trial.differences).isEmpty();
    assertThat(trial.admitted).as("pods admitted").isGreaterThan(trial.judged / 10);
    assertThat(trial.admitted).as("pods admitted").isLessThan(trial.judged * 9 / 10);
    assertThat(trial.debugged).as("debug containers judged").isPositive();
    assertThat(trial.invalid).as("pods that are none").isLessThan(trial.judged / 4);
  }

  private final class Trial {
    private final String level;
    private final Profile profile;
    private final String enforced;
    private final List<String> differences = new ArrayList<>();
    private int judged;
    private int admitted;
    private int debugged;
    private int invalid;

    Trial(String level, Profile profile, String enforced) {
      this.level = level;
      this.profile = profile;
      this.enforced = enforced;
    }

    String counts() {
      return "%d judged, %d admitted, %d with a debug container, %d invalid"
          .formatted(judged, admitted, debugged, invalid);
    }

    void judge(long seed) throws Exception {
      var pod = PodSecurityPods.pod(seed);
      var defaulted = cluster.pods().dryRun(lenient, pod);
      var answer = cluster.pods().dryRun(enforced, pod);
      compare(seed, defaulted, answer);
      if (answer.accepted() && ++admitted % DEBUGGED == 0) {
        debug(seed, pod);
      }
    }

    private void debug(long seed, ObjectNode pod) throws Exception {
      var name = pod.at("/metadata/name").asText();
      for (var namespace : List.of(lenient, enforced)) {
        var stored = cluster.pods().create(namespace, pod);
        assertThat(stored.accepted()).as(stored::message).isTrue();
      }
      debugged++;
      var container = PodSecurityPods.debugContainer(seed);
      compare(
          seed,
          cluster.pods().dryRunDebug(lenient, name, container),
          cluster.pods().dryRunDebug(enforced, name, container));
      cluster.client().pods().inNamespace(lenient).withName(name).withGracePeriod(0).delete();
    }

    private void compare(long seed, PodApi.Answer defaulted, PodApi.Answer answer)
        throws MalformedReviewException {
      if (!defaulted.accepted()) {
        invalid++;
        return;
      }
      judged++;
      var refusal = REFUSAL.matcher(answer.message());
      if (!answer.accepted() && !refusal.matches()) {
        differences.add("seed %d: %s".formatted(seed, answer.message()));
        return;
      }
      var plugin = answer.accepted() ? Set.<String>of() : rules(refusal.group("why"));
      var findings = findings(defaulted.body());
      var ours = findings.stream().map(this::rule).collect(Collectors.toCollection(TreeSet::new));
      if (!ours.equals(plugin)) {
        differences.add(
            "seed %d: the plugin says %s (%s), the controls %s %s of %s"
                .formatted(
                    seed,
                    plugin,
                    answer.message(),
                    ours,
                    findings.stream()
                        .map(finding -> finding.violation().message(FieldPath.ROOT))
                        .toList(),
                    defaulted.body()));
      }
    }

    private List<Finding> findings(JsonNode pod) throws MalformedReviewException {
      var scope = profile.scope(enforced, PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
      return profile.check(codec.pod(pod), scope, Instant.EPOCH).findings().stream()
          .filter(Finding::isEnforced)
          .toList();
    }

    /** At the level restricted the plugin counts hostPath among the types of volumes. */
    private String rule(Finding finding) {
      var rule = finding.violation().rule();
      return level.equals("restricted") && rule.equals("HostPathVolumes") ? "VolumeTypes" : rule;
    }
  }

  private static Set<String> rules(String why) {
    return Stream.of(DETAIL.matcher(why).replaceAll("").split(", "))
        .map(reason -> RULES.getOrDefault(reason, "no rule for: " + reason))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Profile profile(String level, String version) throws ConfigurationException {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: controls
        profiles:
          controls:
            podSecurity: {enforce: %s, version: %s}
        """
            .formatted(level, version);
    return ConfigurationLoader.load(configuration, "controls").profileFor("any", null).profile();
  }
}
