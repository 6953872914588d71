package dev.gambeson.adopt;

import static dev.gambeson.adopt.Plans.NETWORK;
import static dev.gambeson.adopt.Plans.WEB;
import static dev.gambeson.adopt.Plans.filledIn;
import static dev.gambeson.adopt.Plans.loaded;
import static dev.gambeson.adopt.Plans.only;
import static dev.gambeson.adopt.Plans.plan;
import static dev.gambeson.adopt.Plans.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.yaml.TestYaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan for a cluster that has a configuration and labels already. */
class PresentConfigurationTest {
  private static final String HEADER =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      """;

  private static final String ROOT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: legacy, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: legacy}}
          spec:
            containers:
            - {name: app, image: "app:1", securityContext: {runAsUser: 0}, resources: {limits: {memory: 64Mi}}}
      ---
      """;

  private static String namespace(String name, String labels) {
    return "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {%s}}\n---\n"
        .formatted(name, labels);
  }

  /**
   * Whatever the configuration says: what was there stays, and the plan is done once it is put in
   * force.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "enforcement: warn\n",
        "defaultProfile: strict\n",
        "defaultProfile: observe\n",
        "namespaces: [{match: ['sh*', network], profile: observe}]\n",
        "namespaces:\n- {match: [shop], profile: strict}\n",
        "profiles: {strict: {rules: {Probes: {check: enforce}}}}\n",
        "profiles:\n  standard: {rules: {Timezone: {zone: Asia/Shanghai}}}\n",
        """
        exemptions:
        - {rules: [RunAsUser, RunAsNonRoot], namespaces: [shop], pods: {matchLabels: {app: legacy}}, reason: r, approvedBy: a}
        - {rules: [Privileged], namespaces: [elsewhere], values: {images: ["registry.example.com/x/*"]}, reason: r, approvedBy: a, expires: 2026-01-01}
        """,
      })
  void whatWasThereStaysAndASecondRunProposesNothing(String present) throws Exception {
    var manifests = NETWORK + WEB + ROOT;
    var before = HEADER + present;
    var first = plan(manifests, before);
    var files = PlanFiles.of(first, before);
    var after = filledIn(files.configuration());

    assertThat(first.isLeft()).isTrue();
    var old = TestYaml.value(before);
    var written = TestYaml.value(after);
    old.properties()
        .forEach(entry -> {
          var now = written.path(entry.getKey());
          if (entry.getValue().isArray()) {
            assertThat(now).containsAll(entry.getValue());
          } else {
            assertThat(now).isEqualTo(entry.getValue());
          }
        });
    var second = plan(manifests + files.namespaces(), after);
    assertThat(second.isLeft()).as(text(second)).isFalse();
    for (var namespace : second.namespaces()) {
      assertThat(
              loaded(after).profileFor(namespace.name(), namespace.now().label()).profile().name())
          .isEqualTo(namespace.profile());
    }
  }

  @Test
  void whatIsOnlyWarnedOfIsEnforcedInTheLastStep() throws Exception {
    var text = text(plan(WEB, HEADER + "enforcement: warn\n"));

    assertThat(text)
        .containsSubsequence(
            "kubectl label namespace shop",
            "The configuration says \"enforcement: warn\"",
            "helm upgrade gambeson -n gambeson-system charts/gambeson --reset-then-reuse-values --wait --set configuration.enforcement=enforce",
            "back: helm rollback gambeson -n gambeson-system --wait");
    assertThat(text(plan(WEB, HEADER))).doesNotContain("configuration.enforcement");
    var labels = PlanFiles.of(plan(WEB, ""), "").namespaces();
    assertThat(text(plan(WEB + labels, HEADER + "enforcement: warn\n")))
        .contains(" 1. The configuration says")
        .doesNotContain("Nothing is left", " 2. ");
  }

  @Test
  void anExemptionThatIsThereCarriesItsWorkload() throws Exception {
    var exempting =
        HEADER
            + "exemptions: [{rules: [RunAsUser, RunAsNonRoot], namespaces: [shop], reason: r, approvedBy: a}]\n";

    assertThat(only(plan(ROOT, HEADER)).exemptions()).isNotEmpty();
    assertThat(only(plan(ROOT, exempting)).exemptions()).isEmpty();
    assertThat(only(plan(ROOT, exempting)).profile()).isEqualTo("strict");
  }

  @Test
  void aProfileThatANamespaceHasChosenIsNotReplacedByOneThatIsNotKnownToBeStricter()
      throws Exception {
    var own = HEADER + "profiles: {payments: {extends: strict}}\n";
    var labelled = plan(WEB + namespace("shop", "gambeson.dev/profile: payments"), own);
    var pinned = plan(WEB, own + "namespaces: [{match: [shop], profile: payments}]\n");

    assertThat(labelled.namespaces()).isEmpty();
    assertThat(labelled.remarks())
        .isEqualTo(pinned.remarks())
        .containsExactly(
            "namespace shop is left out: it has the profile \"payments\", which --profiles does not name");
  }

  @Test
  void aLabelThatNamesNoProfileIsSaidAndRestored() throws Exception {
    var plan = plan(WEB + namespace("shop", "gambeson.dev/profile: strcit"), HEADER);

    assertThat(text(plan))
        .contains("shop: strict (now: standard, for no namespace can choose \"strcit\")")
        .contains("--overwrite gambeson.dev/profile=strict")
        .contains("back: kubectl label namespace shop --overwrite gambeson.dev/profile=strcit");
  }

  @Test
  void withoutAReleaseTheDefaultsOfTheChartCount() throws Exception {
    var values = TestYaml.value(Files.readString(Path.of("charts/gambeson/values.yaml")));

    assertThat(values.at("/webhook/infrastructureNamespaces").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrderElementsOf(Surroundings.INFRASTRUCTURE);
    assertThat(values.path("selectableProfiles").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrderElementsOf(Surroundings.SELECTABLE);
    assertThat(plan(NETWORK.replace("namespace: network", "namespace: cilium"), "").remarks())
        .containsExactly(
            "namespace cilium is left out: the chart only observes its pods (webhook.infrastructureNamespaces)");
    var many = new StringBuilder(namespace("shop", "gambeson.dev/profile: observe"));
    for (int i = 0; i < 4; i++) {
      many.append(
          NETWORK
              .replace("namespace: network", "namespace: shop")
              .replace("cni,", "cni-" + i + ","));
    }
    var observed = plan(many.toString(), HEADER);
    assertThat(only(observed).profile()).isEqualTo("observe");
    assertThat(PlanFiles.of(observed, HEADER).configuration()).contains("profile: observe");
  }

  @Test
  void noLabelReachesTheShellAsCode() throws Exception {
    var plan =
        plan(
            WEB
                + namespace("shop", "gambeson.dev/profile: \"$(reboot)\"")
                + namespace("other", "gambeson.dev/profile: '`id`'"),
            HEADER);

    assertThat(text(plan)).contains("--overwrite gambeson.dev/profile='$(reboot)'");
  }

  @Test
  void aPodSecurityLevelIsNeverLowered() throws Exception {
    var level = "pod-security.kubernetes.io/enforce: ";
    var restricted = only(plan(NETWORK + namespace("network", level + "restricted"), HEADER));
    var baseline = only(plan(WEB + namespace("shop", level + "baseline"), HEADER));

    assertThat(restricted.level()).isEqualTo(PodSecurityLevel.RESTRICTED);
    assertThat(restricted.labels()).isEqualTo(Map.of("gambeson.dev/profile", "strict"));
    assertThat(baseline.labels()).isEqualTo(Map.of("gambeson.dev/profile", "strict"));
  }

  private static final String WEBHOOKS =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingWebhookConfiguration
      metadata: {name: m}
      webhooks:
      - name: a.mutate.gambeson.dev
        clientConfig: {service: {path: /mutate/default/privileged}}
        namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [network]}]}
        rules: [{resources: [pods]}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: v}
      webhooks:
      - name: a.validate.gambeson.dev
        clientConfig: {service: {path: /validate/default/privileged}}
        namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [network]}]}
        rules: [{resources: [pods]}]
      - name: b.observe.gambeson.dev
        clientConfig: {service: {path: /observe}}
        namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [network]}]}
        rules: [{resources: [pods]}]
      ---
      """;

  @Test
  void namespacesThatNoWebhookCoversNeedNoExemption() throws Exception {
    var plan = plan(NETWORK + WEB + WEBHOOKS, HEADER);

    assertThat(only(plan).name()).isEqualTo("shop");
    assertThat(plan.remarks())
        .containsExactly("namespace network is left out: pods are only observed there");
  }

  @Test
  void whatNoLabelCanChooseTheConfigurationGives() throws Exception {
    var plan = plan(WEB + WEBHOOKS, HEADER);

    assertThat(only(plan).labels()).doesNotContainKey("gambeson.dev/profile");
    assertThat(TestYaml.value(PlanFiles.of(plan, HEADER).configuration()).at("/namespaces/0"))
        .isEqualTo(TestYaml.value("{match: [shop], profile: strict}"));
    assertThat(text(plan)).contains("kubectl rollout restart -n shop deployment/web");
  }

  @Test
  void onlyFixesThatAreNewAreRisks() throws Exception {
    var fresh = only(plan(ROOT.replace("runAsUser: 0", ""), HEADER)).risks();
    var governed = only(plan(ROOT.replace("runAsUser: 0", "") + WEBHOOKS, HEADER)).risks();

    assertThat(fresh).extracting(RiskyFix::rule).contains("SeccompProfile", "RunAsNonRoot");
    assertThat(governed)
        .extracting(RiskyFix::rule)
        .contains("RunAsNonRoot")
        .doesNotContain("SeccompProfile");
  }

  @Test
  void aNamespaceThatIsBeingDeletedIsLeftOut() throws Exception {
    var ending =
        namespace("shop", "a: b")
            .replace("{name", "{deletionTimestamp: \"2026-11-27T12:00:00Z\", name");

    assertThat(plan(WEB + ending, HEADER).namespaces()).isEmpty();
    assertThat(plan(WEB + ending, HEADER).remarks())
        .containsExactly("namespace shop is left out: it is being deleted");
  }
}
