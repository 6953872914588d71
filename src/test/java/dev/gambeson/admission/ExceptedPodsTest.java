package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Scope;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.Profile;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.yaml.snakeyaml.Yaml;

/** What {@code except} keeps from a pod: fixes, and never a check. */
class ExceptedPodsTest {
  private static final String ESCALATION = "AllowPrivilegeEscalation";
  private static final String EXCEPT =
      "except: {ownerKinds: [Job, VirtualMachineInstance], priorityClasses: [system-node-critical]}";
  private static final String PLAIN =
      "{metadata: {}, spec: {containers: [{name: web, image: nginx}]}}";
  private static final String OF_A_VIRTUAL_MACHINE =
      PLAIN.replace(
          "metadata: {",
          "metadata: {ownerReferences: [{kind: VirtualMachineInstance, name: vm, controller: true}]");
  private static final String NODE_CRITICAL =
      PLAIN.replace("spec: {", "spec: {priorityClassName: system-node-critical, ");

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "OFF")
  void aFixLeavesThePodsOfAControllerOrAClassAlone(FixMode mode) throws Exception {
    var profile = escalation(mode, EXCEPT);

    assertThat(fixed(profile, mode, OF_A_VIRTUAL_MACHINE)).isEmpty();
    assertThat(fixed(profile, mode, NODE_CRITICAL)).isEmpty();
    assertThat(fixed(profile, mode, PLAIN)).containsExactly(ESCALATION);
    assertThat(fixed(profile, mode, OF_A_VIRTUAL_MACHINE.replace("VirtualMachine", "Replica")))
        .containsExactly(ESCALATION);
    assertThat(fixed(profile, mode, NODE_CRITICAL.replace("node", "cluster")))
        .containsExactly(ESCALATION);
  }

  @Test
  void anOwnerThatIsNotTheControllerDoesNotCount() throws Exception {
    var owned = OF_A_VIRTUAL_MACHINE.replace("controller: true", "controller: false");

    assertThat(fixed(escalation(FixMode.APPLY, EXCEPT), FixMode.APPLY, owned))
        .containsExactly(ESCALATION);
  }

  @Test
  void everyFixLeavesVirtualMachinesAloneUnlessItIsToldNotTo() throws Exception {
    var strict = load("mine: {extends: strict}");

    assertThat(fixed(strict, FixMode.APPLY, PLAIN)).isNotEmpty();
    for (var mode : List.of(FixMode.APPLY, FixMode.AUDIT)) {
      assertThat(fixed(strict, mode, OF_A_VIRTUAL_MACHINE)).isEmpty();
    }
    assertThat(
            fixed(
                escalation(FixMode.APPLY, "except: {ownerKinds: []}"),
                FixMode.APPLY,
                OF_A_VIRTUAL_MACHINE))
        .containsExactly(ESCALATION);
  }

  @Test
  void noCheckIsLifted() throws Exception {
    var profile = escalation(FixMode.APPLY, EXCEPT);

    for (var pod : List.of(OF_A_VIRTUAL_MACHINE, NODE_CRITICAL)) {
      assertThat(profile.check(pod(pod), scope(profile), Instant.EPOCH).findings())
          .extracting(finding -> finding.violation().rule(), Finding::mode)
          .containsExactly(tuple(ESCALATION, CheckMode.ENFORCE));
    }
  }

  @Test
  void theCheckSaysThatTheFixLeavesThePodAlone() throws Exception {
    var profile = load("mine: {extends: strict}");
    var token =
        "volumes: [{name: kube-api-access-abcde, projected: {sources: [{serviceAccountToken: {path:"
            + " token}}, {configMap: {name: kube-root-ca.crt}}, {downwardAPI: {}}]}}]";
    var step =
        "{metadata: {ownerReferences: [{kind: Workflow, name: hello, controller: true}]}, spec:"
            + " {containers: [{name: wait, image: argoexec}], %s}}".formatted(token);

    assertThat(fixed(profile, FixMode.APPLY, step))
        .contains(ESCALATION)
        .doesNotContain("ServiceAccountToken");
    assertThat(messages(profile, step, "ServiceAccountToken"))
        .containsExactly(
            "[ServiceAccountToken] spec.automountServiceAccountToken: found nothing, and so a token"
                + " is mounted, wanted false, or true where the pod calls the API server (the fix"
                + " leaves pods of a Workflow alone)");
    assertThat(messages(profile, step, ESCALATION)).noneMatch(text -> text.contains("alone"));
    assertThat(
            messages(
                load(
                    "mine: {rules: {%s: {fix: audit, check: warn, %s}}}"
                        .formatted(ESCALATION, EXCEPT)),
                NODE_CRITICAL,
                ESCALATION))
        .singleElement()
        .asString()
        .endsWith("(the fix leaves pods of class system-node-critical alone)");
    assertThat(messages(escalation(FixMode.APPLY, EXCEPT), NODE_CRITICAL, ESCALATION))
        .as("a denial has no room for it")
        .noneMatch(text -> text.contains("alone"));
    assertThat(
            fixed(
                load(
                    "mine: {extends: strict, rules: {ServiceAccountToken: {except: {ownerKinds:"
                        + " []}}}}"),
                FixMode.APPLY,
                step))
        .contains("ServiceAccountToken");
  }

  private static List<String> messages(Profile profile, String pod, String rule) throws Exception {
    return profile.check(pod(pod), scope(profile), Instant.EPOCH).findings().stream()
        .filter(finding -> finding.violation().rule().equals(rule))
        .map(finding -> finding.message(FieldPath.ROOT))
        .toList();
  }

  @Test
  void theNewImageOfALivePodIsLeftAloneToo() throws Exception {
    var profile =
        load(
            "mine: {rules: {ImageRegistry: {fix: apply, mirrors: [{from: docker.io, to: mirror.example}]}}}");

    assertThat(images(profile, PLAIN)).isNotEmpty();
    assertThat(images(profile, OF_A_VIRTUAL_MACHINE)).isEmpty();
  }

  @Test
  void aClassThatPriorityClassFillsInCounts() throws Exception {
    var profile =
        load(
            """
            mine:
              rules:
                PriorityClass: {fix: apply, classes: [{priorityClassName: batch, pods: {}}]}
                Timezone: {fix: apply, except: {priorityClasses: [batch]}}
            """);

    assertThat(fixed(profile, FixMode.APPLY, PLAIN)).containsExactly("PriorityClass");
  }

  private static Profile escalation(FixMode fix, String except) throws ConfigurationException {
    return load(
        "mine: {rules: {%s: {fix: %s, check: enforce, %s}}}"
            .formatted(ESCALATION, fix == FixMode.APPLY ? "apply" : "audit", except));
  }

  private static Profile load(String profiles) throws ConfigurationException {
    return ConfigurationLoader.load(
            "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\nprofiles:\n"
                + profiles.indent(2),
            "test")
        .choose("mine")
        .orElseThrow()
        .profile();
  }

  private static List<String> fixed(Profile profile, FixMode mode, String pod) throws Exception {
    return profile.fix(mode, new PodPatch(pod(pod)), scope(profile), Set.of()).stream()
        .map(FixResult::rule)
        .toList();
  }

  private static List<FixResult> images(Profile profile, String pod) throws Exception {
    return profile.fixImages(new PodPatch(pod(pod)), scope(profile), Set.of());
  }

  private static Scope scope(Profile profile) {
    return profile.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
  }

  private static Pod pod(String yaml) throws MalformedReviewException {
    return new ReviewCodec().pod(new ObjectMapper().valueToTree(new Yaml().load(yaml)));
  }
}
