package dev.gambeson.adopt;

import static dev.gambeson.adopt.Plans.NETWORK;
import static dev.gambeson.adopt.Plans.NOW;
import static dev.gambeson.adopt.Plans.WEB;
import static dev.gambeson.adopt.Plans.filledIn;
import static dev.gambeson.adopt.Plans.loaded;
import static dev.gambeson.adopt.Plans.only;
import static dev.gambeson.adopt.Plans.plan;
import static dev.gambeson.adopt.Plans.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.RuleFixture;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdoptionTest {
  @Test
  void aNamespaceGetsTheStrictestProfileThatRefusesNothing() throws Exception {
    var shop = only(plan(WEB, ""));

    assertThat(shop.name()).isEqualTo("shop");
    assertThat(shop.profile()).isEqualTo("strict");
    assertThat(shop.exemptions()).isEmpty();
    assertThat(shop.level()).isEqualTo(PodSecurityLevel.BASELINE);
    assertThat(shop.next()).isNull();
  }

  @Test
  void theFixesThatMayStopAContainerComeWithTheCommandThatTells() throws Exception {
    assertThat(only(plan(WEB, "")).risks())
        .contains(
            new RiskyFix(
                "deployment/web",
                "web",
                "RunAsNonRoot",
                Risk.MAY_STOP_THE_IMAGE,
                "kubectl exec -n shop deployment/web -c web -- id -u",
                "shows 0 where the image runs as root, and would not start"));
  }

  @Test
  void anExemptionCarriesTheWorkloadThatNeedsOne() throws Exception {
    var network = only(plan(NETWORK, ""));

    assertThat(network.profile()).isEqualTo("strict");
    assertThat(network.exemptions()).isNotEmpty();
    assertThat(network.exemptions().keySet())
        .allSatisfy(exemption -> {
          assertThat(exemption.namespaces()).containsExactly("network");
          assertThat(exemption.expires()).isNotNull();
        });
    assertThat(network.level()).isEqualTo(PodSecurityLevel.PRIVILEGED);
  }

  @Test
  void aNamespaceThatNeedsManyExemptionsGetsALaxerProfile() throws Exception {
    var text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append(
          WEB.replace("kind: Deployment", "kind: StatefulSet")
              .replace("name: web,", "name: web-" + i + ",")
              .replace("spec:\n      containers", "spec:\n      containers"));
    }
    var strict =
        only(
            plan(
                text.toString()
                    .replace(
                        "image: nginx:1.29",
                        "image: nginx:1.29\n        securityContext: {runAsUser: 0}"),
                ""));

    assertThat(strict.profile()).isEqualTo("standard");
    var next = Objects.requireNonNull(strict.next());
    assertThat(next.profile()).isEqualTo("strict");
    assertThat(next.rules()).hasSize(4).containsKey("statefulset/web-0");
  }

  @Test
  void aSecondRunSaysThatNothingIsLeft() throws Exception {
    var first = plan(NETWORK + WEB, "");
    var files = PlanFiles.of(first, "");
    var again = plan(NETWORK + WEB + files.namespaces(), filledIn(files.configuration()));

    assertThat(first.isLeft()).isTrue();
    assertThat(again.isLeft()).isFalse();
    assertThat(text(again)).contains("Nothing is left to do");
  }

  @Test
  void theConfigurationIsRefusedUntilItsBlanksAreFilledIn() throws Exception {
    var files = PlanFiles.of(plan(NETWORK, ""), "");

    assertThatThrownBy(() -> ConfigurationLoader.load(files.configuration(), "config.yaml"))
        .hasMessageContaining("reason")
        .hasMessageContaining("approvedBy");
    assertThat(
            ConfigurationLoader.load(filledIn(files.configuration()), "config.yaml").exemptions())
        .isNotEmpty();
  }

  @Test
  void thePlanExtendsTheConfigurationInForceAndKeepsItsComments() throws Exception {
    var mine =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        # Ours.
        exemptions:
        - rules: [HostPorts]   # the ingress
          namespaces: [ingress]
          reason: it listens on the node
          approvedBy: net@example.com
        """;
    var files = PlanFiles.of(plan(NETWORK, mine), mine);

    assertThat(files.configuration()).startsWith(mine);
    assertThat(
            ConfigurationLoader.load(filledIn(files.configuration()), "config.yaml").exemptions())
        .hasSizeGreaterThan(1);
  }

  @Test
  void noNameReachesTheShellAsCode() throws Exception {
    var text =
        text(
            plan(
                WEB.replace("name: web,", "name: '$(reboot)',")
                    .replace("namespace: shop", "namespace: 'a;b'")
                    .replace("name: web\n", "name: \"it's\"\n"),
                ""));

    assertThat(text)
        .contains("kubectl exec -n 'a;b' 'deployment/$(reboot)' -c 'it'\\''s' -- id -u")
        .contains("kubectl label namespace 'a;b' --overwrite");
  }

  @Test
  void namespacesThatNoWebhookSeesAreLeftAlone() throws Exception {
    assertThat(plan(WEB.replace("shop", "kube-system"), "").namespaces()).isEmpty();
  }

  @Test
  void aRunningPodOfAControllerIsItsTemplatesMatter() throws Exception {
    var running =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-1
          namespace: shop
          uid: 6f1
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: 5e0, controller: true}]
        spec: {containers: [{name: web, image: "nginx:1.29"}]}
        ---
        """;

    assertThat(only(plan(WEB + running, "")).workloads()).containsExactly("deployment/web");
  }

  static List<String> rulesWithFixtures() {
    return Rules.all().stream().map(Rule::name).toList();
  }

  /** The pods of the fixtures of each rule are a namespace. */
  @ParameterizedTest
  @MethodSource("rulesWithFixtures")
  void whatIsThereIsAdmittedAndEveryExemptionIsNeeded(String rule) throws Exception {
    var objects = fixtures(rule);
    var plan = plan(objects, "");
    var files = PlanFiles.of(plan, "");
    var configuration = loaded(filledIn(files.configuration()));

    for (var namespace : plan.namespaces()) {
      assertThat(namespace.refused()).isEmpty();
      assertThat(refused(objects, namespace.profile(), configuration, configuration.exemptions()))
          .isEmpty();
      assertThat(refused(objects, "standard", configuration, configuration.exemptions()))
          .describedAs("before the labels follow the configuration")
          .isSubsetOf(
              namespace.profile().equals("observe")
                  ? refused(objects, "standard", configuration, List.of())
                  : List.of());
      for (var exemption : configuration.exemptions()) {
        var others = new HashSet<>(configuration.exemptions());
        others.remove(exemption);
        assertThat(refused(objects, namespace.profile(), configuration, others))
            .describedAs(String.valueOf(exemption))
            .isNotEmpty();
      }
    }
  }

  private static List<KubernetesObject> fixtures(String rule) throws IOException, YamlException {
    var objects = new ArrayList<KubernetesObject>();
    for (var fixture : RuleFixture.of(Rules.named(rule).orElseThrow())) {
      ObjectNode pod =
          TestYaml.value(Files.readString(fixture.folder().resolve("pod.yaml"))).deepCopy();
      pod.withObject("/metadata")
          .put("namespace", rule.toLowerCase(Locale.ROOT))
          .put("name", fixture.folder().getFileName().toString());
      objects.add(new KubernetesObject("v1", "Pod", FieldPath.ROOT, pod));
    }
    return objects;
  }

  private static List<String> refused(
      List<KubernetesObject> objects,
      String profile,
      Configuration configuration,
      Collection<Exemption> exemptions)
      throws Exception {
    var bare =
        new Configuration(
            true,
            configuration.defaultProfile(),
            configuration.namespaces(),
            configuration.profiles(),
            List.copyOf(exemptions),
            configuration.help());
    var terms =
        new ReviewTerms(
            bare, bare.choose(profile).orElseThrow(), "default", NOW, Requester.UNKNOWN, false);
    var refused = new ArrayList<String>();
    for (var object : objects) {
      try {
        if (new ObjectReview(terms, objects.stream())
            .judge(object)
            .filter(judged -> !judged.review().allowed())
            .isPresent()) {
          refused.add(object.title("default"));
        }
      } catch (MalformedReviewException e) {
        // The plan names it among its problems.
      }
    }
    return refused;
  }
}
