package dev.gambeson.adopt;

import static dev.gambeson.adopt.Plans.WEB;
import static dev.gambeson.adopt.Plans.only;
import static dev.gambeson.adopt.Plans.plan;
import static dev.gambeson.adopt.Plans.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.adopt.Workplace.Presence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan makes of workloads that are not an ordinary Deployment. */
class WorkloadsOfAPlanTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: shop, labels: {app: p}%s}
      spec: {containers: [{name: c, image: "app:1", securityContext: {privileged: true}}]}
      %s
      ---
      """;

  private static String ownedBy(String apiVersion, String kind) {
    return ", ownerReferences: [{apiVersion: %s, kind: %s, name: o, uid: u, controller: true}]"
        .formatted(apiVersion, kind);
  }

  @Test
  void thePodOfAnUnknownControllerIsPlannedFor() throws Exception {
    var namespace = only(plan(POD.formatted(ownedBy("tekton.dev/v1", "TaskRun"), ""), ""));

    assertThat(namespace.workloads()).containsExactly("pod/p");
    assertThat(namespace.exemptions()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"apps/v1, ReplicaSet", "batch/v1, Job", "v1, Node"})
  void thePodOfAnotherWorkloadOrOfAKubeletIsNot(String apiVersion, String kind) throws Exception {
    assertThat(plan(POD.formatted(ownedBy(apiVersion, kind), ""), "").namespaces()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void aPodThatIsOverIsNot(String phase) throws Exception {
    assertThat(plan(POD.formatted("", "status: {phase: " + phase + "}"), "").namespaces())
        .isEmpty();
  }

  @Test
  void theTemplatesOfOtherKindsArePlannedFor() throws Exception {
    var plan =
        plan(
            WEB.replace("apps/v1", "argoproj.io/v1alpha1")
                .replace("Deployment", "Rollout")
                .replace(
                    "image: nginx:1.29",
                    "image: nginx:1.29\n        securityContext: {runAsUser: 0}"),
            "");

    assertThat(only(plan).workloads()).containsExactly("rollout/web");
    assertThat(only(plan).exemptions()).isNotEmpty();
    assertThat(text(plan))
        .doesNotContain("kubectl exec", "rollout restart")
        .contains("recreate the pods of these by hand", "rollout/web");
  }

  @ParameterizedTest
  @CsvSource({
    "'replicas: 0\n  template', true, false",
    "'replicas: 2\n  template', true, true",
    "'paused: true\n  template', false, true",
    "'updateStrategy: {type: OnDelete}\n  template', false, true",
  })
  void commandsThatCannotWorkAreNotPrinted(String spec, boolean restarts, boolean asks)
      throws Exception {
    var text = text(plan(WEB.replace("template", spec.replace("\\n", "\n")), ""));

    assertThat(text.contains("kubectl rollout restart -n shop deployment/web")).isEqualTo(restarts);
    assertThat(text.contains("kubectl exec -n shop deployment/web")).isEqualTo(asks);
    assertThat(text.contains("recreate the pods of these by hand")).isEqualTo(!restarts);
  }

  @Test
  void whereNothingIsInstalledTheStepsBeginWithThat() throws Exception {
    var absent =
        new Workplace(
            "plan",
            "gambeson adopt --to plan",
            "gambeson",
            "gambeson-system",
            false,
            Presence.ABSENT);
    var plain = PlanText.of(plan(WEB, ""), absent, 100);
    var exempting = PlanText.of(plan(POD.formatted("", ""), ""), absent, 100);

    assertThat(plain)
        .contains("shop: strict (now: none)")
        .containsSubsequence(
            " 1. In a checkout of Gambeson, install it.",
            "helm install gambeson -n gambeson-system",
            "back: helm uninstall gambeson -n gambeson-system",
            " 2. Label")
        .doesNotContain("config.yaml");
    assertThat(exempting)
        .containsSubsequence(
            " 1. Write the files",
            "gambeson adopt --to plan",
            " 2. In plan/config.yaml, fill in",
            "gambeson config validate plan/config.yaml",
            " 3. In a checkout of Gambeson, install it",
            "helm install",
            "plan/config.yaml)");
  }
}
