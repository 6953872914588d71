package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.yaml.TestYaml;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What exemptions let pass, in the sentences of the documentation. */
class ExemptionsTest {
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        base: {extends: none, podSecurity: {enforce: baseline}}
      exemptions:
      """;

  private static final String HOST_PATHS =
      "- {rules: [HostPathVolumes], namespaces: [\"sh*\"], pods: {matchLabels: {app: filebeat}},"
          + " values: {paths: [/var/log], readOnly: true}, reason: reads the node's logs,"
          + " approvedBy: security@example.com}";

  private static final String ZONE =
      "- {rules: [Timezone], namespaces: [\"sh*\"], reason: r, approvedBy: security@example.com,"
          + " expires: %s}";

  /** Two containers, whose profile fixes and refuses what they lack. */
  private static final String TWO =
      """
      metadata: {labels: {app: web}}
      spec:
        containers:
        - {name: web, image: nginx}
        - {name: agent, image: "registry.example/agents/one:1"}
      """;

  private static final String LOGS =
      """
      metadata: {labels: {app: filebeat}}
      spec:
        volumes:
        - {name: logs, hostPath: {path: /var/log/pods}}
        containers:
        - {name: a, image: a, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}
      """;

  @Test
  void anExemptionSwitchesOffBothHalvesOfItsRulesForWhatItMatches() {
    var exemptions =
        """
        - {rules: [AllowPrivilegeEscalation, SeccompProfile], namespaces: [shop], reason: r, approvedBy: a}
        """;

    var fixed = allowed(handle(Webhook.MUTATE, exemptions, TWO));
    var judged = denied(handle(Webhook.VALIDATE, exemptions, TWO));

    assertThat(String.valueOf(fixed.patch()))
        .doesNotContain("allowPrivilegeEscalation")
        .doesNotContain("seccompProfile")
        .contains("runAsNonRoot");
    assertThat(judged.message())
        .doesNotContain("[AllowPrivilegeEscalation]")
        .doesNotContain("[SeccompProfile]")
        .contains("[RunAsNonRoot]");
  }

  @Test
  void anotherNamespaceIsNotExempted() {
    var exemptions =
        "- {rules: [SeccompProfile], namespaces: [\"warehouse-*\"], reason: r, approvedBy: a}";

    assertThat(denied(handle(Webhook.VALIDATE, exemptions, TWO)).message())
        .contains("[SeccompProfile]");
  }

  @Test
  void podsNarrowAnExemptionByTheirLabels() {
    var exemptions =
        """
        - {rules: [SeccompProfile], namespaces: [shop], pods: {matchLabels: {app: other}}, reason: r, approvedBy: a}
        """;

    assertThat(denied(handle(Webhook.VALIDATE, exemptions, TWO)).message())
        .contains("[SeccompProfile]");
    assertThat(denied(handle(Webhook.VALIDATE, exemptions.replace("other", "web"), TWO)).message())
        .doesNotContain("[SeccompProfile]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"containers: [agent]", "images: [\"registry.example/agents/*\"]"})
  void containersAndImagesSelectContainerViolationsOnly(String selection) {
    var exemptions =
        "- {rules: [AllowPrivilegeEscalation, SeccompProfile], namespaces: [shop], "
            + selection
            + ", reason: r, approvedBy: a}";

    var message = denied(handle(Webhook.VALIDATE, exemptions, TWO)).message();

    assertThat(message)
        .contains("[AllowPrivilegeEscalation] container \"web\"")
        .doesNotContain("[AllowPrivilegeEscalation] container \"agent\"");
    assertThat(
            denied(
                    handle(
                        Webhook.VALIDATE,
                        exemptions,
                        TWO.replace(
                            "spec:",
                            "spec:\n  securityContext: {seccompProfile: {type: Unconfined}}")))
                .message())
        .contains("[SeccompProfile] spec.securityContext.seccompProfile.type: found Unconfined");
  }

  @Test
  void imagesAreMatchedWithTheirRegistryToo() {
    var exemptions =
        "- {rules: [SeccompProfile], namespaces: [shop], images: [docker.io/library/nginx], reason:"
            + " r, approvedBy: a}";

    assertThat(denied(handle(Webhook.VALIDATE, exemptions, TWO)).message())
        .contains("[SeccompProfile] container \"agent\"")
        .doesNotContain("[SeccompProfile] container \"web\"");
  }

  @Test
  void whereAPodLevelFixWouldReachAnExemptedContainerItIsWrittenPerContainer() {
    var exemptions =
        "- {rules: [SeccompProfile], namespaces: [shop], containers: [agent], reason: r,"
            + " approvedBy: a}";

    var patch = String.valueOf(allowed(handle(Webhook.MUTATE, exemptions, TWO)).patch());
    var without = String.valueOf(allowed(handle(Webhook.MUTATE, "", TWO)).patch());

    assertThat(without).contains("\"/spec/securityContext\"").contains("seccompProfile");
    assertThat(json(patch))
        .filteredOn(operation -> operation.toString().contains("seccompProfile"))
        .extracting(operation -> operation.path("path").asText())
        .containsExactly("/spec/containers/0/securityContext");
  }

  @Test
  void usersAndGroupsCountForPodsThatTheyCreateThemselves() {
    var user = "- {rules: [SeccompProfile], users: [alice], reason: r, approvedBy: a}";
    var group = "- {rules: [SeccompProfile], groups: [developers], reason: r, approvedBy: a}";
    var controller = "system:serviceaccount:kube-system:replicaset-controller";

    for (var exemptions : List.of(user, group)) {
      assertThat(message(exemptions, TWO, "alice", "developers"))
          .doesNotContain("[SeccompProfile]");
      assertThat(message(exemptions, TWO, controller, "system:serviceaccounts"))
          .contains("[SeccompProfile]");
    }
  }

  @Test
  void whatLiesWithinTheBoundsPasses() {
    assertThat(judge(HOST_PATHS, LOGS)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void aPodWithOneFindingWithinTheBoundsAndOneBeyondIsDeniedForTheLatter() {
    var more =
        LOGS.replace("  volumes:\n", "  volumes:\n  - {name: etc, hostPath: {path: /etc}}\n");

    assertThat(violations(denied(judge(HOST_PATHS, more))))
        .singleElement()
        .asString()
        .startsWith("[HostPathVolumes] spec.volumes[0].hostPath: found /etc in volume \"etc\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/logs", "/var", "/", "/var/log/../lib"})
  void aPathBesideThoseThatAreExemptedIsBeyondTheBounds(String path) {
    assertThat(judge(HOST_PATHS, LOGS.replace("{path: /var/log/pods}", "{path: " + path + "}")))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void readOnlyIsJudgedOnEveryMount() {
    var writing =
        LOGS
            + "  initContainers: [{name: i, image: i, volumeMounts: [{name: logs, mountPath:"
            + " /logs}]}]\n";

    assertThat(judge(HOST_PATHS, writing)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void hostNamespacesAreBoundedByField() {
    var exemptions =
        "- {rules: [HostNamespaces], namespaces: [shop], values: {fields: [hostPID]}, reason: r,"
            + " approvedBy: a}";
    var pod = TWO.replace("spec:", "spec:\n  hostPID: true\n  hostIPC: true");

    assertThat(violations(denied(judge(exemptions, pod))))
        .containsExactly("[HostNamespaces] spec.hostIPC: found true, wanted false");
  }

  @Test
  void privilegedContainersAreBoundedByTheirImages() {
    var exemptions =
        """
        - {rules: [Privileged], namespaces: [shop], values: {images: ["registry.example/agents/*"]}, reason: r, approvedBy: a}
        """;
    var pod =
        """
        metadata: {}
        spec:
          containers:
          - {name: a, image: registry.example/agents/one, securityContext: {privileged: true}}
          - {name: b, image: registry.example/b, securityContext: {privileged: true}}
        """;

    assertThat(denied(judge(exemptions, pod)).message())
        .contains("[Privileged] container \"b\"")
        .doesNotContain("[Privileged] container \"a\"");
  }

  @Test
  void capabilitiesAreBoundedByName() {
    var exemptions =
        """
        - {rules: [Capabilities], namespaces: [shop], values: {add: [NET_ADMIN]}, reason: r, approvedBy: a}
        - {rules: [Capabilities], namespaces: [shop], values: {add: [SYS_TIME], drop: []}, reason: r, approvedBy: a}
        """;
    var pod =
        """
        metadata: {}
        spec:
          containers:
          - {name: a, image: a, securityContext: {capabilities: {add: [NET_ADMIN, SYS_TIME, SYS_ADMIN, CHOWN]}}}
        """;

    assertThat(violations(denied(handle(Webhook.VALIDATE, exemptions, pod))))
        .filteredOn(line -> line.startsWith("[Capabilities]"))
        .containsExactly(
            "[Capabilities] container \"a\": spec.containers[0].securityContext.capabilities.add:"
                + " found SYS_ADMIN, wanted at most NET_BIND_SERVICE",
            "[Capabilities] container \"a\": spec.containers[0].securityContext.capabilities.add:"
                + " found CHOWN, wanted at most NET_BIND_SERVICE");
  }

  @Test
  void anExemptionFromDroppingCapabilitiesKeepsTheFixAway() {
    var exemptions =
        "- {rules: [Capabilities], namespaces: [shop], containers: [agent], values: {drop: []},"
            + " reason: r, approvedBy: a}";

    var patch = json(String.valueOf(allowed(handle(Webhook.MUTATE, exemptions, TWO)).patch()));

    assertThat(patch)
        .filteredOn(operation -> operation.toString().contains("capabilities"))
        .extracting(operation -> operation.path("path").asText())
        .allMatch(path -> path.startsWith("/spec/containers/0/"))
        .isNotEmpty();
  }

  @Test
  void anExpiredOneNoLongerExemptsAndTheDenialSaysSo() {
    var denied = denied(judge(expiring("2026-11-20"), LOGS));

    assertThat(denied.message()).contains("(the exemption approved… expired on 2026-11-20)");
  }

  @Test
  void aDayIsOverAtItsEndInUtc() {
    assertThat(judge(expiring("2026-11-21"), LOGS)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void anInstantEndsAnExemptionAtOnce() {
    assertThat(judge(expiring("2026-11-21T12:00:01Z"), LOGS)).isInstanceOf(Decision.Allowed.class);
    assertThat(judge(expiring("2026-11-21T12:00:00Z"), LOGS)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void aWarningNamesTheDayFrom14DaysBeforeIt() {
    var soon = allowed(judge(expiring("2026-12-04"), LOGS));
    var later = allowed(judge(expiring("2026-12-05"), LOGS));

    assertThat(soon.warnings())
        .contains(
            "[HostPathVolumes] the exemption approved by security@example.com expires on"
                + " 2026-12-04");
    assertThat(later.warnings()).noneMatch(warning -> warning.contains("exemption"));
  }

  @Test
  void inItsGraceAnExemptionStillExemptsWithAWarning() {
    var grace = expiring("2026-11-15").replace("expires", "grace: 7d, expires");

    assertThat(allowed(judge(grace, LOGS)).warnings())
        .contains(
            "[HostPathVolumes] the exemption approved by security@example.com expired on"
                + " 2026-11-15; pods pass until 2026-11-23T00:00Z");
    assertThat(judge(grace.replace("7d", "5d"), LOGS)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void everyExemptionThatWasUsedIsInTheAuditAnnotations() {
    var validated = allowed(judge(HOST_PATHS, LOGS));
    var other = judge(HOST_PATHS, TWO);

    assertThat(validated.auditAnnotations())
        .containsEntry(
            "exempted.HostPathVolumes",
            "exempted, approved by security@example.com: reads the node's logs");
    assertThat(validated.stats().exempted()).containsExactly("HostPathVolumes");
    assertThat(other.stats().exempted()).isEmpty();
  }

  @Test
  void aFixThatAnExemptionKeepsAwayIsInTheAuditAnnotationsToo() {
    var exemptions = "- {rules: [SeccompProfile], namespaces: [shop], reason: r, approvedBy: a}";

    assertThat(allowed(handle(Webhook.MUTATE, exemptions, TWO)).auditAnnotations())
        .containsEntry("exempted.SeccompProfile", "true");
  }

  private static String expiring(String expires) {
    return HOST_PATHS.replace("values", "expires: " + expires + ", values");
  }

  private static List<String> violations(Decision.Denied denied) {
    return denied.message().lines().filter(line -> line.startsWith("[")).toList();
  }

  private static String message(String exemptions, String pod, String user, String group) {
    return denied(handle(Webhook.VALIDATE, "strict", exemptions, pod, user, group)).message();
  }

  @Test
  void anExemptionFromAFixGivesNoticeOfItsEnd() {
    assertThat(allowed(handle(Webhook.MUTATE, ZONE.formatted("2026-12-31"), TWO)))
        .satisfies(decision ->
            assertThat(decision.warnings()).noneMatch(warning -> warning.startsWith("[Timezone]")))
        .satisfies(
            decision -> assertThat(decision.auditAnnotations()).containsKey("exempted.Timezone"));
    assertThat(allowed(handle(Webhook.MUTATE, ZONE.formatted("2026-11-30"), TWO)).warnings())
        .contains(
            "[Timezone] the exemption approved by security@example.com expires on 2026-11-30");
    assertThat(allowed(handle(Webhook.MUTATE, ZONE.formatted("2026-11-20"), TWO)).warnings())
        .contains(
            "[Timezone] the exemption approved by security@example.com expired on 2026-11-20:"
                + " its fix is applied again");
  }

  @Test
  void whereTheFixHasNothingToDoItsExemptionIsNotUsed() {
    var zoned =
        """
        metadata: {}
        spec:
          containers:
          - {name: web, image: nginx, env: [{name: TZ, value: UTC}]}
        """;

    for (var expires : List.of("2026-12-31", "2026-11-30", "2026-11-20")) {
      var decision = allowed(handle(Webhook.MUTATE, ZONE.formatted(expires), zoned));

      assertThat(decision.warnings()).noneMatch(warning -> warning.startsWith("[Timezone]"));
      assertThat(decision.auditAnnotations()).doesNotContainKey("exempted.Timezone");
    }
  }

  private static Decision.Allowed allowed(Decision decision) {
    return (Decision.Allowed) decision;
  }

  private static Decision.Denied denied(Decision decision) {
    return (Decision.Denied) decision;
  }

  /** The verdict of a profile that enforces Pod Security baseline and has no rule besides. */
  private static Decision judge(String exemptions, String pod) {
    return handle(Webhook.VALIDATE, "base", exemptions, pod, "bob", "others");
  }

  private static Decision handle(Webhook webhook, String exemptions, String pod) {
    return handle(webhook, "strict", exemptions, pod, "bob", "others");
  }

  private static Decision handle(
      Webhook webhook, String profile, String exemptions, String pod, String user, String group) {
    try {
      var configuration = ConfigurationLoader.load(CONFIGURATION + exemptions, "x");
      var review = new ObjectMapper().createObjectNode();
      review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
      var request = review.putObject("request");
      request.put("uid", "1").put("operation", "CREATE").put("namespace", "shop");
      request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
      request.putObject("userInfo").put("username", user).putArray("groups").add(group);
      request.set("object", TestYaml.value(pod));
      return new AdmissionPipeline(() -> configuration, InstantSource.fixed(NOW), CODEC)
          .handle(
              new Route(webhook, profile, PodSecurityLevel.PRIVILEGED),
              CODEC.decode(review.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<ObjectNode> json(String array) {
    try {
      return List.of(new ObjectMapper().readValue(array, ObjectNode[].class));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
