package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonCommandTest {
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: nginx}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: root, namespace: shop}
      spec:
        containers:
        - {name: root, image: nginx, securityContext: {runAsUser: 0}, resources: {requests: {cpu: 1, memory: 1Gi}}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: small, namespace: shop}
      spec: {hard: {requests.cpu: "2"}}
      status: {used: {requests.cpu: 1900m}}
      """;

  @TempDir Path folder;
  private Path manifests = Path.of("");

  @BeforeEach
  void writeManifests() throws Exception {
    manifests = Files.writeString(folder.resolve("shop.yaml"), MANIFESTS);
  }

  @Test
  void theStricterProfileFixesAndRefusesMore() {
    var comparison =
        Invocation.of("review", "--compare", "standard", "strict", manifests.toString());

    assertThat(comparison.exitCode()).as(comparison.err()).isZero();
    assertThat(comparison.flow())
        .contains("newly fixed:", "RunAsNonRoot (may stop the image)")
        .contains("2 objects differ: ")
        .contains("Pod shop/root newly refused: [RunAsNonRoot]", "newly refused: [RunAsUser]")
        .contains("1 newly refused, 0 no longer refused");
    assertThat(
            Invocation.of("review", "--compare", "strict", "standard", manifests.toString()).flow())
        .contains("Pod shop/root no longer refused: [RunAsNonRoot]")
        .contains("0 newly refused, 1 no longer refused");
  }

  @Test
  void whatFixesRequestIsHeldAgainstTheQuota() {
    var comparison =
        Invocation.of("review", "--compare", "observe", "standard", manifests.toString());

    assertThat(comparison.flow())
        .contains("shop requests.cpu +0.3 for all replicas")
        .contains("no room: ResourceQuota small: 1900m of 2 are used");
  }

  @Test
  void aRuleThatFixesMoreFieldsIsNamedWithTheirRiskAndValues() throws Exception {
    var comparison =
        Invocation.of("review", "--compare", "standard", "strict", manifests.toString(), "-o=json");

    var web = comparison.json().at("/changes/0");
    assertThat(web.path("object").asText()).isEqualTo("Deployment shop/web");
    assertThat(web.path("newlyFixed").toString()).contains("Resources (may fail at runtime)");
    assertThat(web.path("fields"))
        .contains(
            new ObjectMapper()
                .readTree(
                    """
                    {"rule": "Resources", "path": "spec.template.spec.containers[0].resources.limits.memory",
                     "before": null, "after": "512Mi", "risk": "may fail at runtime"}
                    """))
        .noneMatch(field -> field.path("path").asText().endsWith("requests.cpu"));
  }

  @Test
  void anElementThatMovesInItsListIsTheSame() throws Exception {
    var before = config("old", "100m", "");
    var after =
        config(
            "new",
            "100m",
            "PodPresets: {fix: apply, presets: {a: {pods: {}, env: [{name: A, value: b}]}}}");

    var comparison =
        Invocation.of("config", "diff", before.toString(), after.toString(), manifests.toString());

    assertThat(comparison.flow())
        .contains("newly fixed: PodPresets (")
        .doesNotContain("Timezone")
        .doesNotContain("otherwise");
  }

  @Test
  void limitsAreHeldAgainstTheQuotaAsWell() throws Exception {
    Files.writeString(manifests, quota("{limits.memory: 1Gi}"));

    assertThat(compare("standard", "strict").flow())
        .contains("shop limits.memory +1536Mi for all replicas no room: ResourceQuota small: 0 of");
  }

  @Test
  void podsThatAreRefusedAskForNothingAndThoseThatAreNoLongerForAll() throws Exception {
    Files.writeString(
        manifests,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: root, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: root}}
          template:
            metadata: {labels: {app: root}}
            spec:
              containers:
              - {name: root, image: nginx, securityContext: {runAsUser: 0}, resources: {requests: {cpu: 1}}}
        """);

    assertThat(compare("standard", "strict").flow())
        .contains("1 newly refused")
        .doesNotContain("for all replicas");
    assertThat(compare("strict", "standard").flow())
        .contains("1 no longer refused", "shop requests.cpu +2 for all replicas");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: Job     | spec: {parallelism: 4, template: {T}}                                 | 0.4
          kind: Job     | spec: {parallelism: 4, completions: 3, template: {T}}                 | 0.3
          kind: CronJob | spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {T}}}}   | 0.1
          kind: CronJob | spec: {jobTemplate: {spec: {parallelism: 2, template: {T}}}}          | 0.2
          """)
  void aJobHasThePodsThatRunAtOnce(String kind, String spec, String cpu) throws Exception {
    Files.writeString(
        manifests,
        "apiVersion: batch/v1\n%s\nmetadata: {name: night, namespace: shop}\n%s\n"
            .formatted(
                kind,
                spec.replace(
                    "{T}",
                    "{spec: {restartPolicy: Never, containers: [{name: c, image: nginx}]}}")));

    assertThat(compare("observe", "standard").flow())
        .contains("shop requests.cpu +" + cpu + " for all replicas");
  }

  @Test
  void theTemplatesOfOtherKindsAreComparedAsWell() throws Exception {
    Files.writeString(
        manifests,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop}
        spec: {replicas: 5, template: {spec: {containers: [{name: web, image: nginx}]}}}
        """);

    assertThat(compare("observe", "standard").flow())
        .contains("Rollout shop/web, spec.template newly fixed: ")
        .contains("shop requests.cpu +0.5 for all replicas");
  }

  @Test
  void whatCannotBeJudgedIsSaidOnceAndTheRestIsCompared() throws Exception {
    Files.writeString(
        manifests,
        MANIFESTS
            + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: odd, namespace: shop}\nspec: {containers: 1}\n");

    var comparison = compare("standard", "strict");

    assertThat(comparison.exitCode()).isEqualTo(2);
    assertThat(comparison.err()).containsOnlyOnce("Pod shop/odd: ");
    assertThat(comparison.flow()).contains("2 objects differ");
  }

  @Test
  void twoConfigurationsAreComparedByWhatTheyDo() throws Exception {
    var before = config("old", "100m", "");
    var after = config("new", "50m", "");

    var comparison =
        Invocation.of(
            "config", "diff", before.toString(), after.toString(), manifests.toString(), "--json");

    assertThat(comparison.exitCode()).as(comparison.err()).isZero();
    assertThat(comparison.json().at("/changes/0/fixedOtherwise/0").asText())
        .isEqualTo("Resources (scheduling)");
    assertThat(comparison.json().at("/changes/0/fields"))
        .singleElement()
        .satisfies(field -> {
          assertThat(field.path("before").asText()).isEqualTo("100m");
          assertThat(field.path("after").asText()).isEqualTo("50m");
        });
    assertThat(comparison.json().at("/added/0/resource").asText()).isEqualTo("requests.cpu");
    assertThat(comparison.json().at("/added/0/amount").asText()).isEqualTo("-0.15");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                  | Which manifests?
          --cluster k8s/      | --cluster and files: give one of them
          --context prod k8s/ | --context and --kubeconfig are for --cluster
          -A k8s/             | --all-namespaces is for --cluster
          """)
  void aDifferenceIsThatOfManifestsOrOfACluster(String arguments, String message) throws Exception {
    var before = config("old", "100m", "").toString();
    var words = new ArrayList<>(List.of("config", "diff", before, before));
    if (!arguments.isEmpty()) {
      words.addAll(List.of(arguments.split(" +")));
    }

    var comparison = Invocation.of(words.toArray(String[]::new));

    assertThat(comparison.exitCode()).isEqualTo(2);
    assertThat(comparison.err()).contains(message);
  }

  private Invocation compare(String before, String after) {
    return Invocation.of("review", "--compare", before, after, manifests.toString());
  }

  private static String quota(String hard) {
    return MANIFESTS.replaceFirst("(?s)spec: \\{hard:.*", "spec: {hard: " + hard + "}\n");
  }

  private Path config(String name, String cpu, String rules) throws Exception {
    return Files.writeString(
        folder.resolve(name),
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard:
            rules:
              Resources: {requests: {cpu: %s, memory: 128Mi}}
              %s
        """
            .formatted(cpu, rules));
  }
}
