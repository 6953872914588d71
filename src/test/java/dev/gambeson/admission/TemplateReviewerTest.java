package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a manifest's pod is made before it is judged, and which manifests are not. */
class TemplateReviewerTest {
  private static final String NOTHING_ELSE =
      """
      profiles:
        mine:
          extends: none
          rules:
      """;
  private static final String TEMPLATE =
      """
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: web, image: "web:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """;
  private static final String STATEFUL_SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        volumeClaimTemplates:
        - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}
        template:
      """
          + TEMPLATE;

  @Test
  void thePodsOfAStatefulSetHaveItsClaims() {
    var rules = "      HostUsers: {fix: apply}\n";
    var without = STATEFUL_SET.replaceAll("(?m)^  volumeClaimTemplates:\\R.*\\R", "");

    assertThat(review(rules, without).orElseThrow().fixed()).isNotEmpty();
    assertThat(review(rules, STATEFUL_SET).orElseThrow().fixed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas: 0 | warn | 0",
        "replicas: 1 | warn | 0",
        "replicas: 1 | audit | 0",
        "replicas: 2 | warn | 2",
        "paused: true | warn | 2",
        "replicas: 1 | enforce | 2",
      })
  void aSingleReplicaIsNotAskedToBeSpread(String spec, String mode, int findings) {
    var rules =
        "      PodAntiAffinity: {check: %s}\n      TopologySpread: {check: %s}\n"
            .formatted(mode, mode);
    var workload =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  "
            + spec
            + "\n  template:\n"
            + TEMPLATE;

    assertThat(review(rules, workload).orElseThrow().findings()).hasSize(findings);
  }

  @Test
  void aFixKeepsClearOfTheClaimsAndIsWrittenWithoutThem() {
    var rules =
        """
              PodPresets:
                fix: apply
                presets:
                  a: {pods: {}, volumes: [{name: data, emptyDir: {}}]}
                  b: {pods: {}, volumes: [{name: more, emptyDir: {}}]}
        """;

    var review = review(rules, STATEFUL_SET).orElseThrow();

    assertThat(review.fixed())
        .singleElement()
        .satisfies(fixed -> {
          assertThat(fixed.warnings())
              .containsExactly("nothing of a: the pod has another volume data");
          assertThat(fixed.paths())
              .extracting(Object::toString)
              .containsExactly("spec.template.spec.volumes[0]");
        });
    assertThat(review.object().at("/spec/template/spec/volumes").toString())
        .isEqualTo("[{\"emptyDir\":{},\"name\":\"more\"}]");
  }

  @Test
  void whatAFixPutsInHasTheDefaultsOfTheApiServerAndIsWrittenWithoutThem() {
    var rules =
        """
              ImagePullPolicy: {check: enforce, atLeast: IfNotPresent}
              Timezone: {fix: apply, strategy: image, image: "zones:1"}
              Sidecars: {fix: apply, sidecars: {mesh: {pods: {}, container: {image: "mesh:9"}}}}
        """;

    var review = review(rules, STATEFUL_SET).orElseThrow();

    assertThat(review.findings()).isEmpty();
    assertThat(review.object().toString())
        .contains("mesh:9", "zones:1")
        .doesNotContain("imagePullPolicy", "pullPolicy");
  }

  @Test
  void whatIsPutFirstMovesThePlacesOfTheRest() {
    var rules =
        """
              PodPresets: {fix: apply, presets: {p: {pods: {}, env: [{name: ZONE, value: a}]}}}
              Sidecars: {fix: apply, sidecars: {mesh: {pods: {}, position: first, container: {image: "mesh:9"}}}}
              SecretsInEnv: {check: enforce}
              AllowPrivilegeEscalation: {fix: apply}
        """;
    var manifest =
        STATEFUL_SET
            + """
                  initContainers:
                  - name: own
                    image: own:1
                    env: [{name: DB_PASSWORD, value: geheim}]
            """;

    var review = review(rules, manifest).orElseThrow();

    var spec = review.object().at("/spec/template/spec");
    assertThat(spec.path("initContainers").findValuesAsText("image"))
        .containsExactly("mesh:9", "own:1");
    assertThat(spec.at("/initContainers/1/env").findValuesAsText("name"))
        .containsExactly("ZONE", "DB_PASSWORD");
    assertThat(spec.at("/initContainers/1/securityContext/allowPrivilegeEscalation").isBoolean())
        .isTrue();
    assertThat(review.findings())
        .extracting(finding -> finding.violation().path().toString())
        .containsExactly("spec.initContainers[1].env[1]");
  }

  @Test
  void whoWillOwnThePodsOfAPodTemplateIsNotAsked() {
    var rules = "      ControlledPods: {check: enforce}\n";
    var template =
        """
        apiVersion: v1
        kind: PodTemplate
        metadata: {name: web}
        template:
        """
            + TEMPLATE;

    assertThat(review(rules, template).orElseThrow().findings()).isEmpty();
    assertThat(
            review(
                    rules,
                    template
                        .replace("PodTemplate", "Pod")
                        .replaceAll("(?s)template:.*?spec", "spec"))
                .orElseThrow()
                .findings())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void aWorkloadOfAnotherOneIsJudgedInThatOne(String controller) {
    var owned =
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-7d4b
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: "1", controller: %s}]
        spec:
          template:
        """
                .formatted(controller)
            + TEMPLATE;

    assertThat(review("      Probes: {check: enforce}\n", owned).isEmpty())
        .isEqualTo(controller.equals("true"));
  }

  /** Its token comes again by the API server, and a fix takes the copied one out. */
  @Test
  void whatATemplateCopiedFromALivePodBreaksIsFoundInTheFixedObject() {
    var copied =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: "web:1"
                volumeMounts:
                - {name: kube-api-access-abcde, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
              volumes:
              - name: data
                emptyDir: {}
              - name: kube-api-access-abcde
                projected:
                  defaultMode: 420
                  sources:
                  - serviceAccountToken: {expirationSeconds: 3607, path: token}
                  - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
                  - downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}
              - name: node
                hostPath: {path: /etc}
        """;

    var review =
        review(
                "      ServiceAccountToken: {fix: apply}\n      HostPathVolumes: {check: enforce}\n",
                copied)
            .orElseThrow();

    assertThat(review.findings())
        .extracting(finding ->
            review
                .object()
                .at(finding.violation().path().under(review.template()).pointer())
                .path("path")
                .asText())
        .containsExactly("/etc");
  }

  private static Optional<TemplateReview> review(String rules, String manifest) {
    try {
      var choice =
          ConfigurationLoader.load(
                  "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n"
                      + NOTHING_ELSE
                      + rules,
                  "test")
              .choose("mine")
              .orElseThrow();
      var object = TestYaml.value(manifest);
      return new TemplateReviewer(
              true, Instant.parse("2026-11-21T12:00:00Z"), Requester.UNKNOWN, new ReviewCodec())
          .review(
              object.path("apiVersion").asText(),
              object.path("kind").asText(),
              object,
              "shop",
              choice,
              PodSecurityLevel.PRIVILEGED);
    } catch (ConfigurationException | MalformedReviewException | YamlException e) {
      throw new AssertionError(e);
    }
  }
}
