package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.Amount;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodGenerator;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.SingleQuotedJson;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import dev.gambeson.verdict.SkippedFixes;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.zjsonpatch.JsonPatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Laws that hold for the fixes of every profile and every pod. A failure names the seed of the pod
 * that broke it.
 */
class FixPropertiesTest {
  private static final int PODS = 2_000;
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** The built-in profiles, and what their options leave out. */
  private static final String OWN_PROFILES =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        files-of-the-node:
          extends: strict
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai, strategy: hostPath}
            LxcfsMounts: {fix: apply, pods: {matchLabels: null}, extraFiles: [/proc/slabinfo]}
            RunAsUser: {fix: apply, uid: 10001, gid: 10001}
            PodAntiAffinity: {fix: apply, strength: required}
            RequiredLabels: {fix: apply, labels: {status: serving, gambeson.dev/lxcfs: "true"}}
            TopologySpread: {fix: apply}
            ServiceLinks: {fix: apply}
            HostUsers: {fix: apply}
        files-of-an-image:
          extends: strict
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai, strategy: image, image: "zones:2026a"}
            Resources: {fix: apply, limits: {cpu: "1", memory: 256Mi}}
            ReadOnlyRootFilesystem: {fix: apply, writable: [/tmp, /var/run, /var/cache/nginx]}
            ImageRegistry:
              fix: apply
              mirrors:
              - {from: docker.io/library/alpine, to: "mirror.example.com:5000/base/alpine"}
              - {from: docker.io, to: mirror.example.com/docker.io}
              - {from: registry.example.com:5000, to: mirror.example.com}
            ImagePullPolicy: {fix: apply, exceptDigests: true}
            TopologySpread: {fix: apply, levels: [{topologyKey: example.com/rack, maxSkew: 2, whenUnsatisfiable: DoNotSchedule, minDomains: 2}]}
            PreStopDelay: {fix: apply, seconds: 40, containers: all}
            HostUsers: {fix: apply, furtherVolumes: [hostPath, image, persistentVolumeClaim]}
      """
          + AdministratorProfile.YAML;

  /** What fixes replace or remove by design; see the documentation of the rules named. */
  private static final Pattern REPLACED =
      Pattern.compile(
          "/metadata/annotations/gambeson\\.dev~1applied"
              + "|/spec/(dnsPolicy|priorityClassName|priority|preemptionPolicy|enableServiceLinks|terminationGracePeriodSeconds)"
              + "|/spec/(initContainers|containers)/\\d+/(image|imagePullPolicy)"
              + "|/spec/volumes/\\d+/image/(reference|pullPolicy)");

  private static final Pattern CONTAINER =
      Pattern.compile("^spec\\.(initContainers|containers)\\[\\d+]");

  static Stream<Profile> profiles() throws Exception {
    var own = ConfigurationLoader.load(OWN_PROFILES, "profiles.yaml").profiles();
    return Stream.concat(Stream.of(everythingApplied()), own.values().stream());
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void thePatchAppliesAndLeadsToWhatTheRulesSaw(Profile profile) {
    forEachPod(original -> {
      var fixed = fix(profile, original);
      assertThat(CODEC.pod(fixed.result())).isEqualTo(fixed.patch().pod());
    });
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void fixingAFixedPodYieldsNoPatch(Profile profile) {
    forEachPod(original ->
        assertThat(fix(profile, fix(profile, original).result()).operations()).isNull());
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void nothingThatTheAuthorWroteIsOverwritten(Profile profile) {
    forEachPod(original ->
        assertKept(withoutToken(original), withoutToken(fix(profile, original).result()), ""));
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void noFixAddsAPodSecurityViolation(Profile profile) {
    var judge =
        new Profile(
            "judge",
            new PodSecurity(
                PodSecurityLevel.RESTRICTED,
                PodSecurityLevel.PRIVILEGED,
                PodSecurityLevel.PRIVILEGED,
                PodSecurityVersion.LATEST),
            CheckMode.OFF,
            Set.of(),
            Rules.all().stream()
                .<RuleSettings>map(rule -> settings(rule, FixMode.OFF, CheckMode.OFF))
                .toList());
    forEachPod(original ->
        assertThat(violations(judge, fix(profile, original, PodSecurityLevel.RESTRICTED).result()))
            .isSubsetOf(violations(judge, original)));
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void noFixBringsWhatItsProfileRefuses(Profile profile) {
    forEachPod(original -> {
      // What is left to LimitRanger it gives after the fixes and before the checks.
      if (original.path("metadata").path("annotations") instanceof ObjectNode annotations) {
        annotations.remove("kubernetes.io/limit-ranger");
      }
      assertThat(refused(profile, fix(profile, original).result()))
          .isSubsetOf(refused(profile, original));
    });
  }

  /** A limit that its author did not write holds as much as he asked for in another place. */
  @ParameterizedTest
  @MethodSource("profiles")
  void noLimitIsBelowWhatTheAuthorSaidOfTheResource(Profile profile) {
    forEachPod(original -> {
      var before = CODEC.pod(original);
      var after = CODEC.pod(fix(profile, original).result());
      for (var resource : List.of("memory", "ephemeral-storage")) {
        var sizes = sizes(before, resource);
        var ownLimits = amounts(before, ResourceRequirements::getLimits, resource);
        var ownRequests = amounts(before, ResourceRequirements::getRequests, resource);
        var filledSizes = new HashMap<>(sizes(after, resource));
        filledSizes.keySet().removeAll(sizes.keySet());
        var filledLimits = new HashMap<>(amounts(after, ResourceRequirements::getLimits, resource));
        filledLimits.keySet().removeAll(ownLimits.keySet());

        for (var container : ContainerRef.fixable(after)) {
          for (var mount : container.container().getVolumeMounts()) {
            assertHolds(filledSizes.get(mount.getName()), ownLimits.get(container.name()));
            assertHolds(filledSizes.get(mount.getName()), ownRequests.get(container.name()));
            if (resource.equals("memory")) {
              assertHolds(filledLimits.get(container.name()), sizes.get(mount.getName()));
            }
          }
        }
        if (resource.equals("ephemeral-storage") && ownLimits.isEmpty()) {
          // The first limit on disk is one of the whole pod.
          for (var limit : filledLimits.values()) {
            sizes.values().forEach(size -> assertHolds(limit, size));
            ownRequests.values().forEach(request -> assertHolds(limit, request));
          }
        }
      }
    });
  }

  private static void assertHolds(@Nullable Quantity filled, @Nullable Quantity said) {
    if (filled != null && said != null) {
      assertThat(Amount.isAbove(said, filled)).as("%s beside %s", filled, said).isFalse();
    }
  }

  /** The limits of the pod's empty directories of that resource, by the name of the volume. */
  private static Map<String, Quantity> sizes(Pod pod, String resource) {
    var medium = resource.equals("memory") ? "Memory" : "";
    var sizes = new HashMap<String, Quantity>();
    for (var volume : pod.getSpec().getVolumes()) {
      var emptyDir = volume.getEmptyDir();
      if (emptyDir != null
          && emptyDir.getSizeLimit() != null
          && medium.equals(Objects.toString(emptyDir.getMedium(), ""))) {
        sizes.put(volume.getName(), emptyDir.getSizeLimit());
      }
    }
    return sizes;
  }

  /** The amounts of that resource, by the name of the container. */
  private static Map<String, Quantity> amounts(
      Pod pod, Function<ResourceRequirements, Map<String, Quantity>> list, String resource) {
    var amounts = new HashMap<String, Quantity>();
    for (var container : ContainerRef.fixable(pod)) {
      var resources = container.container().getResources();
      var quantities = resources == null ? null : list.apply(resources);
      if (quantities != null && quantities.containsKey(resource)) {
        amounts.put(container.name(), quantities.get(resource));
      }
    }
    return amounts;
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void noAnnotationOfOursLiftsACheck(Profile profile) {
    var everything = Rules.all().stream().map(Rule::name).collect(Collectors.joining(","));
    forEachPod(original -> {
      var annotated = original.deepCopy();
      annotated
          .withObject("/metadata")
          .withObject("/annotations")
          .put(AppliedAnnotation.NAME, everything)
          .put(SkippedFixes.ANNOTATION, everything);

      assertThat(violations(profile, annotated)).isEqualTo(violations(profile, original));
    });
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void aSidecarThatComesLaterIsFixedAndNothingElseIsTouched(Profile profile) {
    forEachPod(original -> {
      var withSidecar = fix(profile, original).result();
      var containers = (ArrayNode) withSidecar.path("spec").path("containers");
      int position = containers.size();
      containers.addObject().put("name", "injected").put("image", "proxy:1.0");

      var operations = fix(profile, withSidecar).operations();

      if (operations != null) {
        for (var operation : operations) {
          assertThat(operation.path("path").asText())
              .matches(
                  "/spec/containers/"
                      + position
                      + "/.*|/metadata/annotations(/.*)?|/spec/volumes(/-)?"
                      // The pod's, so that the delay of that container ends before it.
                      + "|/spec/terminationGracePeriodSeconds");
        }
      }
    });
  }

  private interface Law {
    void check(ObjectNode original) throws Exception;
  }

  private static void forEachPod(Law law) {
    LongStream.range(0, PODS)
        .forEach(seed -> {
          var pod = PodGenerator.pod(seed);
          try {
            law.check(pod);
          } catch (Exception | AssertionError e) {
            fail("seed " + seed + ": " + pod.toPrettyString(), e);
          }
        });
  }

  private record FixedPod(PodPatch patch, @Nullable JsonNode operations, JsonNode result) {}

  /** Fixes a pod as the mutating webhook does. */
  private static FixedPod fix(Profile profile, JsonNode original) throws Exception {
    return fix(profile, original, PodSecurityLevel.PRIVILEGED);
  }

  private static FixedPod fix(Profile profile, JsonNode original, PodSecurityLevel namespaceLevel)
      throws Exception {
    var pod = CODEC.pod(original);
    var patch = new PodPatch(pod);
    var fixed =
        profile.fix(
            FixMode.APPLY,
            patch,
            profile.scope("shop", namespaceLevel, Requester.UNKNOWN),
            SkippedFixes.of(pod, profile).granted());
    AppliedAnnotation.write(
        patch, fixed.stream().filter(FixResult::changedAnything).map(FixResult::rule).toList());
    var text = CODEC.patch(patch.operations());
    var operations = text == null ? null : SingleQuotedJson.read(text);
    return new FixedPod(
        patch,
        operations,
        operations == null ? original.deepCopy() : JsonPatch.apply(operations, original));
  }

  /**
   * The violations without the values found: a fix may change what stands in a place that is at
   * fault anyway.
   */
  private static Set<String> violations(Profile judge, JsonNode pod) throws Exception {
    return judge
        .check(
            CODEC.pod(pod),
            judge.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN),
            NOW)
        .findings()
        .stream()
        .map(Finding::violation)
        .map(violation -> violation.rule() + " " + place(violation))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** With the name of a container, whose position is another after an insertion. */
  private static String place(Violation violation) {
    return CONTAINER
        .matcher(violation.path().toString())
        .replaceFirst(Objects.toString(violation.container(), ""));
  }

  /** Rules and containers, without places: what a fix takes out moves what comes after it. */
  private static Set<String> refused(Profile profile, JsonNode pod) throws Exception {
    return profile
        .check(
            CODEC.pod(pod),
            profile.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN),
            NOW)
        .findings()
        .stream()
        .filter(Finding::isEnforced)
        .map(Finding::violation)
        .map(violation -> violation.rule() + " " + violation.container())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertKept(JsonNode before, JsonNode after, String pointer) {
    if (REPLACED.matcher(pointer).matches()) {
      return;
    }
    if (before.isObject()) {
      before
          .properties()
          .forEach(field ->
              assertKept(
                  field.getValue(),
                  after.path(field.getKey()),
                  pointer + FieldPath.of(field.getKey()).pointer()));
    } else if (before.isArray()) {
      // An element may gain fields, a container does, and come later in its list; a list of the
      // author's own words does not grow.
      if (!before.isEmpty() && before.get(0).isValueNode()) {
        assertThat(after).as(pointer).isEqualTo(before);
      }
      int place = 0;
      for (int i = 0; i < before.size(); i++) {
        while (place < after.size() && !isSameElement(before.get(i), after.get(place))) {
          place++;
        }
        assertKept(before.get(i), after.path(place++), pointer + "/" + i);
      }
    } else {
      assertThat(after).as(pointer).isEqualTo(before);
    }
  }

  private static boolean isSameElement(JsonNode one, JsonNode other) {
    return Stream.of("name", "mountPath", "topologyKey", "key")
        .allMatch(key -> one.path(key).equals(other.path(key)));
  }

  /** The pod without the token volume of the API server, which ServiceAccountToken takes out. */
  private static JsonNode withoutToken(JsonNode pod) {
    var copy = pod.deepCopy();
    removeToken(copy.path("spec").path("volumes"));
    for (var list : List.of("initContainers", "containers")) {
      copy.path("spec")
          .path(list)
          .forEach(container -> removeToken(container.path("volumeMounts")));
    }
    return copy;
  }

  private static void removeToken(JsonNode list) {
    if (list instanceof ArrayNode elements) {
      var kept = new ArrayList<JsonNode>();
      elements.forEach(element -> {
        if (!element.path("name").asText().startsWith("kube-api-access-")) {
          kept.add(element);
        }
      });
      elements.removeAll().addAll(kept);
    }
  }

  private static Profile everythingApplied() {
    return new Profile(
        "everything",
        new PodSecurity(
            PodSecurityLevel.PRIVILEGED,
            PodSecurityLevel.PRIVILEGED,
            PodSecurityLevel.PRIVILEGED,
            PodSecurityVersion.LATEST),
        CheckMode.OFF,
        Set.of(),
        Rules.all().stream()
            .<RuleSettings>map(rule -> settings(rule, FixMode.APPLY, CheckMode.OFF))
            .toList());
  }

  private static RuleSettings settings(Rule rule, FixMode fix, CheckMode check) {
    return new RuleSettings(rule, fix, ExceptedPods.NONE, check, null);
  }
}
