package dev.gambeson.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.admission.AdministratorProfile;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.PodGenerator;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.RuleFixture;
import dev.gambeson.rules.Rules;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No fix that is only audited hides what another rule found. */
class AuditedFixesTest {
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String HEADER = "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n";
  private static final int PODS = 400;

  /** Fixes and checks of several rules that bear on the same fields. */
  private static final String STRICTER =
      """
      profiles:
        strict:
          rules:
            RunAsUser: {fix: audit, check: enforce, uid: 10001, minimumUid: 3000}
            HostUsers: {fix: audit, check: enforce}
            ImageTag: {check: enforce, digest: required}
            ImageRegistry:
              fix: apply
              check: enforce
              mirrors: [{from: docker.io, to: mirror.example.com/docker.io}]
              allowed: [mirror.example.com/docker.io/library/*]
            Resources: {qosClass: Guaranteed, required: [limits.cpu, limits.memory]}
            EmptyDirSizeLimit: {check: enforce, maximum: 512Mi, sizeLimit: 256Mi}
            ServiceAccountToken: {check: enforce}
            SecretsInEnv: {check: enforce}
            Timezone: {zone: Asia/Shanghai, strategy: image, image: "docker.io/example/zones:1"}
      """;

  private static final String USERS_OF_THEIR_OWN =
      """
      profiles:
        standard: {rules: {RunAsUser: {minimumUid: 3000}}}
        strict: {rules: {HostUsers: {fix: apply, check: enforce}, TopologySpread: {fix: apply, check: enforce}}}
      """;

  private static final String INJECTING =
      "profiles:\n"
          + AdministratorProfile.YAML.replaceFirst(
              "of-the-administrator:\\R\\s+extends: strict", "strict:");

  static Stream<Configuration> configurations() {
    return Stream.of("", STRICTER, USERS_OF_THEIR_OWN, INJECTING).map(AuditedFixesTest::load);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void observeReportsWhatStrictRefuses(Configuration configuration) {
    var strict = profile(configuration, "strict");
    var observe = profile(configuration, "observe");
    forEachPod(original -> {
      var pod = CODEC.pod(original);
      var patch = new PodPatch(pod);
      var skipped = SkippedFixes.of(pod, strict);
      strict.fix(FixMode.APPLY, patch, scope(strict), skipped.granted());
      var refused = strict.check(patch.pod(), scope(strict), NOW).findings().stream();

      assertThat(places(review(observe, original).findings().stream()))
          .containsAll(places(refused.filter(Finding::isEnforced)));
    });
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void aFindingIsLeftOutOnlyWhereAFixWouldWriteIt(Configuration configuration) {
    for (var profile : configuration.profiles().values()) {
      forEachPod(original -> {
        var pod = CODEC.pod(original);
        var names = ElementNames.of(pod);
        var found =
            profile.check(pod, scope(profile), NOW).findings().stream()
                .map(Finding::violation)
                .collect(Collectors.toSet());
        review(profile, original).findings().forEach(finding -> found.remove(finding.violation()));

        var patch = new PodPatch(pod);
        profile.fix(FixMode.AUDIT, patch, scope(profile), SkippedFixes.of(pod, profile).granted());
        var fixed = CODEC.json(patch.pod());
        var asItIs = CODEC.json(CODEC.pod(original));
        for (var violation : found) {
          var place = names.in(violation.path());
          var ofPod = place.toString().replaceFirst("^spec\\.[a-zA-Z]+\\.[^.]+\\.sec", "spec.sec");
          assertThat(
                  !at(asItIs, place.segments()).equals(at(fixed, place.segments()))
                      || !at(asItIs, List.<Object>of((Object[]) ofPod.split("\\.")))
                          .equals(at(fixed, List.<Object>of((Object[]) ofPod.split("\\.")))))
              .as(violation.toString())
              .isTrue();
        }
      });
    }
  }

  @Test
  void aContainerThatIsToldToRunAsRootIsWarnedOf() throws Exception {
    var findings =
        review(
                profile(load(""), "standard"),
                pod(
                    "{name: a, image: 'a:1', securityContext: {runAsUser: 0, runAsNonRoot: false}}"))
            .findings();

    assertThat(findings)
        .filteredOn(finding -> finding.mode() == CheckMode.WARN)
        .extracting(finding -> finding.violation().rule())
        .contains("RunAsUser", "RunAsNonRoot");
  }

  @Test
  void aFixThatDoesNotMendWhatItWritesHidesNothing() throws Exception {
    var findings =
        review(
                profile(load(STRICTER), "observe"),
                pod("{name: a, image: example/a:1, resources: {requests: {cpu: 1}}}"))
            .findings();

    assertThat(findings)
        .extracting(finding -> finding.violation().rule() + " " + finding.violation().path())
        .contains(
            "ImageTag spec.containers[0].image",
            "ImageRegistry spec.containers[0].image",
            "Resources spec.containers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"observe", "standard", "strict"})
  void whatAFixMendsByItselfIsLeftOut(String profile) throws Exception {
    var pod = pod("{name: a, image: 'a:1'}");
    var patch = new PodPatch(CODEC.pod(pod));
    var judge = profile(load(""), profile);
    judge.fix(FixMode.APPLY, patch, scope(judge), Set.of());

    assertThat(
            Judgement.of(judge, patch, scope(judge), SkippedFixes.of(patch.pod(), judge), NOW, true)
                .findings())
        .extracting(finding -> finding.violation().rule())
        .doesNotContain(
            "RunAsNonRoot",
            "SeccompProfile",
            "Capabilities",
            "AllowPrivilegeEscalation",
            "Resources");
  }

  private interface Law {
    void check(JsonNode original) throws Exception;
  }

  private static void forEachPod(Law law) {
    var generated = LongStream.range(0, PODS).<JsonNode>mapToObj(PodGenerator::pod);
    var fixtures =
        Rules.all().stream().flatMap(rule -> RuleFixture.of(rule).stream()).map(RuleFixture::pod);
    Stream.concat(generated, fixtures)
        .forEach(pod -> {
          try {
            law.check(pod);
          } catch (Exception | AssertionError e) {
            fail(pod.toPrettyString(), e);
          }
        });
  }

  private static Judgement review(Profile profile, JsonNode original) throws Exception {
    var pod = CODEC.pod(original);
    return Judgement.of(
        profile, new PodPatch(pod), scope(profile), SkippedFixes.of(pod, profile), NOW, true);
  }

  /** Without positions: a fix may move what is at fault. */
  private static Set<String> places(Stream<Finding> findings) {
    return findings
        .map(Finding::violation)
        .map(violation ->
            violation.rule()
                + " "
                + violation.container()
                + " "
                + fields(violation).map(Object::toString).collect(Collectors.joining(".")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Object> fields(Violation violation) {
    return violation.path().segments().stream().filter(String.class::isInstance);
  }

  private static JsonNode at(JsonNode pod, List<Object> segments) {
    var node = pod;
    for (var segment : segments) {
      var elements = node;
      node =
          segment instanceof Integer position
              ? node.path(position)
              : node.isArray()
                  ? elements
                      .valueStream()
                      .filter(element ->
                          Stream.of("name", "mountPath")
                              .anyMatch(key -> element.path(key).asText().equals(segment)))
                      .findFirst()
                      .orElse(MissingNode.getInstance())
                  : node.path((String) segment);
    }
    return node;
  }

  private static Scope scope(Profile profile) {
    return profile.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
  }

  private static Profile profile(Configuration configuration, String name) {
    return Objects.requireNonNull(configuration.profiles().get(name));
  }

  private static Configuration load(String body) {
    try {
      return ConfigurationLoader.load(HEADER + body, "test");
    } catch (ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode pod(String container) throws YamlException {
    return TestYaml.value(
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: ["
            + container
            + "]}}");
  }
}
