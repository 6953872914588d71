package dev.gambeson.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.pod.PodTemplate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

class ReviewCommandTest {
  private static final String DEPLOYMENT =
      """
      # The shop's front.
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: shop
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata:
            labels: {app: web}   # what the service selects
          spec:
            containers:
              - name: web
                image: nginx:1.29
      """;

  private static final String PRIVILEGED_POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: root}
      spec:
        containers:
        - name: root
          image: nginx:1.29
          securityContext: {privileged: true}
      """;

  private static final String NOT_YAML = "kind: [\n";

  @TempDir Path folder;
  private Path configuration;

  @BeforeEach
  void configure() throws IOException {
    configuration =
        file(
            "gambeson.yaml",
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            defaultProfile: plain
            namespaces:
              - {match: [prod-*], profile: quiet}
            profiles:
              plain:
                extends: none
                podSecurity: {enforce: baseline, warn: restricted, version: v1.36}
                skippable: [Timezone]
                rules:
                  Timezone: {fix: apply, zone: Asia/Shanghai}
                  AllowPrivilegeEscalation: {fix: apply}
                  SeccompProfile: {fix: audit}
              quiet:
                extends: none
                podSecurity: {enforce: privileged, warn: privileged, audit: privileged}
                rules: {}
            """);
  }

  @Test
  void tellsWhatIsFixedAndWhatIsBrokenAndHowToMendIt() throws IOException {
    var review = review(file("a.yaml", DEPLOYMENT), file("b.yaml", PRIVILEGED_POD));

    assertThat(review.exitCode()).isEqualTo(1);
    assertThat(review.err()).isEmpty();
    assertThat(review.flow())
        .contains(
            "RUNS, CHANGED Deployment shop/web (",
            "a.yaml:2, profile plain): 2 warnings",
            "fixed [Timezone] env TZ=Asia/Shanghai",
            "fixed [AllowPrivilegeEscalation] securityContext.allowPrivilegeEscalation=false"
                + " (risk: may stop the image)",
            "Only audited: 1 fix (see --verbose)",
            "warn [RunAsNonRoot] ",
            "REFUSED Pod default/root (",
            "b.yaml:1, profile plain): 1 violation, 3 warnings",
            "enforce [Privileged] securityContext.privileged: found true, wanted ",
            "b.yaml:8: set it to false",
            "To fix, set:",
            "privileged: false",
            "2 objects with a pod: 1 refused, 1 changed, 0 unchanged; 5 warnings");
  }

  @Test
  void theRiskIsThatOfWhatAFixDid() throws IOException {
    var standard = review("text", List.of("--profile", "standard"), file("a.yaml", DEPLOYMENT));
    var strict = review("text", List.of("--profile", "strict"), file("a.yaml", DEPLOYMENT));

    assertThat(standard.flow())
        .contains("[Resources] resources.requests cpu=100m, memory=128Mi (risk: scheduling)")
        .doesNotContain("resources.limits");
    assertThat(strict.flow())
        .containsPattern(
            "\\[Resources\\] resources.requests [^()]*ephemeral-storage=[^()]*"
                + "\\(risk: scheduling\\)")
        .containsPattern(
            "\\[Resources\\] resources.limits [^()]*ephemeral-storage=[^()]*"
                + "\\(risk: may fail at runtime\\)");
  }

  @Test
  void nothingThatIsEnforcedIsBrokenOnceTheFixesAreIn() throws IOException {
    var review = review(file("a.yaml", DEPLOYMENT));

    assertThat(review.exitCode()).isZero();
    assertThat(review.out())
        .contains("1 object with a pod: 0 refused, 1 changed, 0 unchanged; 2 warnings\n");
  }

  @Test
  void yamlIsTheInputWithTheFixesInIt() throws IOException {
    var review =
        review(
            "yaml", file("a.yaml", "# first\nkind: Service\napiVersion: v1\n---\n" + DEPLOYMENT));

    assertThat(review.exitCode()).isZero();
    assertThat(review.out())
        .isEqualTo(
            "# first\nkind: Service\napiVersion: v1\n---\n"
                + DEPLOYMENT
                + """
                          env:
                            - name: TZ
                              value: Asia/Shanghai
                          securityContext:
                            allowPrivilegeEscalation: false
                """);
  }

  @Test
  void yamlKeepsTabsBetweenTokens() throws IOException {
    var pod =
        """
        kind: Pod
        apiVersion: v1
        metadata:\t{name: a}
        spec:
          containers:
          - name: a\t# the server
            image:\tnginx
        """;

    var review = review("yaml", file("a.yaml", pod));

    assertThat(review.err()).isEmpty();
    assertThat(review.out()).startsWith(pod).contains("allowPrivilegeEscalation");
  }

  /** Up to the depth that is refused with a message of its own. */
  @Test
  void aManifestIsJudgedHoweverDeepItsListsAre() throws IOException {
    int judged = 0;
    for (int depth = 190; depth < 210; depth++) {
      var deep = DEPLOYMENT + "unknown: " + "[".repeat(depth) + "]".repeat(depth) + "\n";

      var review = review("json", file("deep.yaml", deep));

      if (review.err().isEmpty()) {
        assertThat(review.json().at("/reviews")).hasSize(1);
        judged++;
      } else {
        assertThat(review.err()).contains("Nesting Depth exceeded max 200");
      }
    }
    assertThat(judged).isBetween(1, 19);
  }

  @Test
  void aSecondReviewOfTheYamlFixesNothing() throws IOException {
    var once = review("yaml", file("a.yaml", DEPLOYMENT));

    var again = review("json", file("b.yaml", once.out())).json();

    assertThat(again.at("/reviews/0/fixed")).isEmpty();
  }

  @Test
  void diffShowsTheFixesOnly() throws IOException {
    var a = file("a.yaml", DEPLOYMENT.stripTrailing());

    var review = review("diff", a, file("b.yaml", "kind: Service\napiVersion: v1\n"));

    assertThat(review.out())
        .isEqualTo(
            """
            --- %1$s
            +++ %1$s
            @@ -12,4 +12,9 @@
                 spec:
                   containers:
                     - name: web
            -          image: nginx:1.29
            \\ No newline at end of file
            +          image: nginx:1.29
            +          env:
            +            - name: TZ
            +              value: Asia/Shanghai
            +          securityContext:
            +            allowPrivilegeEscalation: false
            \\ No newline at end of file
            """
                .formatted(a));
  }

  @Test
  void jsonHasTheShapeOfTheContract() throws IOException {
    var review = review("json", file("a.yaml", PRIVILEGED_POD)).json();

    var verdict = review.at("/reviews/0");
    assertThat(fields(review)).startsWith("apiVersion", "kind");
    assertThat(fields(verdict))
        .startsWith("kind", "namespace", "name", "fixed", "violations", "allowed");
    assertThat(verdict.path("fixed")).hasSize(1);
    assertThat(verdict.at("/fixed/0/rule").asText()).isEqualTo("Timezone");
    assertThat(verdict.at("/fixed/0/path").asText()).isEqualTo("spec.containers[0].env[0]");
    var violation = verdict.at("/violations/0");
    assertThat(fields(violation)).startsWith("rule", "mode", "path", "container", "message", "fix");
    assertThat(violation.path("rule").asText()).isEqualTo("Privileged");
    assertThat(violation.path("mode").asText()).isEqualTo("enforce");
    assertThat(violation.path("path").asText())
        .isEqualTo("spec.containers[0].securityContext.privileged");
    assertThat(violation.path("container").asText()).isEqualTo("root");
    assertThat(violation.path("message").asText()).startsWith("[Privileged] container \"root\"");
    assertThat(violation.path("fix").asText()).contains("privileged: false");
    assertThat(verdict.path("allowed").isBoolean()).isTrue();
    assertThat(verdict.path("allowed").asBoolean()).isFalse();
  }

  @Test
  void pathsAreTheDocumentsOwn() throws IOException {
    var list =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}},
          {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"},
           "spec": {"jobTemplate": {"spec": {"template": {"spec": {
             "containers": [{"name": "job", "image": "a", "securityContext": {"privileged": true}}]}}}}}}
        ]}
        """;

    var verdict = review("json", file("list.json", list)).json().at("/reviews/0");
    var written = new ObjectMapper().readTree(review("yaml", file("list.json", list)).out());

    var container = "items[1].spec.jobTemplate.spec.template.spec.containers[0]";
    assertThat(verdict.path("kind").asText()).isEqualTo("CronJob");
    assertThat(verdict.at("/fixed/0/path").asText()).isEqualTo(container + ".env[0]");
    assertThat(verdict.at("/violations/0/path").asText())
        .isEqualTo(container + ".securityContext.privileged");
    assertThat(
            written
                .at("/items/1/spec/jobTemplate/spec/template/spec/containers/0/env/0/value")
                .asText())
        .isEqualTo("Asia/Shanghai");
  }

  @Test
  void readsTheStandardInput() {
    var before = System.in;
    System.setIn(new ByteArrayInputStream(DEPLOYMENT.getBytes(UTF_8)));
    try {
      assertThat(Invocation.of("review", "--config", configuration.toString(), "-").out())
          .contains("Deployment shop/web (stdin:2, profile plain)");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void anUnreadableDocumentIsNamedAndTheOthersAreStillReviewed() throws IOException {
    var bad = file("bad.yaml", DEPLOYMENT + "---\n" + NOT_YAML + "---\n" + PRIVILEGED_POD);

    var review = review("json", bad, Path.of("missing.yaml"), file("good.yaml", DEPLOYMENT));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err())
        .containsPattern("bad\\.yaml: document 2, line 18, column \\d+: ")
        .contains("missing.yaml: no such file");
    assertThat(review.json().path("reviews")).hasSize(3);
  }

  @Test
  void yamlLeavesAnUnreadableDocumentAsItIs() throws IOException {
    var review = review("yaml", file("bad.yaml", NOT_YAML + "---\n" + DEPLOYMENT));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.out()).startsWith(NOT_YAML + "---\n").contains("allowPrivilegeEscalation");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: nothing}\n",
        "just a string",
        "- a: list\n",
        "apiVersion: v1\nname: x\n",
        "kind: Pod\nmetadata: {}\n",
        "a: 1\na: 2\n",
      })
  void whatIsNoObjectIsAnErrorWithItsPlace(String text) throws IOException {
    var review = review(file("odd.yaml", text));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err()).containsPattern("odd\\.yaml: document 1, line \\d+, column \\d+: ");
    assertThat(review.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "labels: {app: web} | labels: {rev: 1} | 20, column 21 | metadata.labels.rev must be a string, not a number: quote it",
        "- name: web | - name: n | 23, column 17 | spec.containers[0].name must be a string, not true or false: quote it",
        "image: nginx:1.29 | image: 1.29 | 24, column 18 | spec.containers[0].image must be a string, not a number: quote it",
        "image: nginx:1.29 | env: {A: b} | 24, column 16 | spec.containers[0].env must be a list: [a, b], not an object",
        "image: nginx:1.29 | env: [{name: PORT, value: 8080}] | 24, column 37 | spec.containers[0].env[0].value must be a string, not a number: quote it",
        "image: nginx:1.29 | ports: [{containerPort: '80'}] | 24, column 35 | spec.containers[0].ports[0].containerPort must be an integer, not a string",
        "image: nginx:1.29 | securityContext: {privileged: 'true'} | 24, column 41 | spec.containers[0].securityContext.privileged must be true or false, not a string",
        "image: nginx:1.29 | securityContext: {runAsUser: 1000.7} | 24, column 40 | spec.containers[0].securityContext.runAsUser must be an integer, not a fraction",
        "image: nginx:1.29 | securityContext: '' | 24, column 28 | spec.containers[0].securityContext must be an object: {key: value}, not a string",
        "image: nginx:1.29 | resources: {limits: {memory: 1 Gi}} | 24, column 40 | spec.containers[0].resources.limits.memory must be a quantity, 100m or 128Mi for example",
        "image: nginx:1.29 | resources: {limits: {memory: 1K}} | 24, column 40 | spec.containers[0].resources.limits.memory must be a quantity, 100m or 128Mi for example",
      })
  void whatTheApiServerCouldNotReadIsAnErrorAtItsField(
      String found, String written, String place, String problem) throws IOException {
    var text = DEPLOYMENT.replace(found, written);

    var review = review(file("a.yaml", PRIVILEGED_POD + "---\n" + text));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err())
        .hasLineCount(1)
        .endsWith(
            "document 2, line %s: Deployment shop/web: spec.template.%s\n"
                .formatted(place, problem));
    assertThat(review.out()).contains("Pod default/root", "1 object with a pod");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kind: Pod, apiVersion: v1, spec: {} | spec.containers is missing or empty",
        "kind: Pod, apiVersion: v1, spec: {containers: []} | spec.containers is missing or empty",
        "kind: Pod, apiVersion: v1 | spec.containers is missing or empty",
        "kind: Job, apiVersion: batch/v1, spec: {template: x} | spec.template.spec.containers is missing or empty",
      })
  void aPodWithoutAContainerIsNone(String fields, String problem) throws IOException {
    var review = review(file("a.yaml", "{metadata: {name: a}, " + fields + "}"));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err()).hasLineCount(1).contains("default/a: " + problem);
    assertThat(review.out())
        .isEqualTo("0 objects with a pod: 0 refused, 0 changed, 0 unchanged; 0 warnings\n");
  }

  @Test
  void tooManyContainersAreNotJudged() throws IOException {
    var containers = String.join(", ", Collections.nCopies(501, "{name: a, image: b}"));

    var review =
        review(
            file(
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [%s]}}"
                    .formatted(containers)));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err())
        .contains("Pod default/a: the object is too large: it has more than 500 containers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "[]", "{name: web, labels: {rev: 1}}", "{name: n}"})
  void metadataThatCannotBeReadAreAnErrorToo(String metadata) throws IOException {
    var pod = PRIVILEGED_POD.replace("{name: root}", metadata);
    var deployment =
        DEPLOYMENT.replace("metadata:\n  name: web\n  namespace: shop", "metadata: " + metadata);

    var review = review("yaml", file("a.yaml", pod + "---\n" + deployment));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err().lines())
        .hasSize(2)
        .allMatch(line -> line.matches(".* (Pod|Deployment) .*: metadata.* must be an? .*"));
    assertThat(review.out()).isEqualTo(pod + "---\n" + deployment);
  }

  @Test
  void numbersThatTheApiServerReadsAreNoError() throws IOException {
    var text =
        DEPLOYMENT
            + """
                      resources: {limits: {cpu: 1, memory: 1e9}, requests: {cpu: .5}}
                      readinessProbe: {httpGet: {port: 80}}
                      livenessProbe: {httpGet: {port: http}}
                      securityContext: {runAsUser: 1e3}
            """;

    var review = review(file("a.yaml", text));

    assertThat(review.err()).isEmpty();
    assertThat(review.exitCode()).isZero();
  }

  @Test
  void aMistakeOfGambesonsIsReportedAndTheOthersAreStillReviewed() throws Exception {
    try (var reviewers =
        Mockito.mockConstruction(
            TemplateReviewer.class,
            (reviewer, context) ->
                when(reviewer.review(any(PodTemplate.class), eq("Pod"), any(), any(), any(), any()))
                    .thenThrow(new IllegalStateException("a\nb")))) {
      var review = review(file("a.yaml", PRIVILEGED_POD + "---\n" + DEPLOYMENT));

      assertThat(review.exitCode()).isEqualTo(2);
      assertThat(review.err())
          .hasLineCount(1)
          .contains(
              "a.yaml: document 1, line 1, column 1: Pod default/root: not judged",
              "please report it",
              "IllegalStateException: a b at ");
      verify(reviewers.constructed().getFirst())
          .review(any(PodTemplate.class), eq("Deployment"), any(), any(), any(), any());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"image: {{ .Values.image }}\n", "{{- if .Values.web }}\na: 1\n"})
  void aTemplateIsToBeRenderedFirst(String text) throws IOException {
    var review = review(file("web.yaml", text));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err())
        .contains("web.yaml: document 1, line 1, column ", "render it first: helm template");
  }

  @Test
  void whatAManifestSaysForgesNoLineAndTurnsNoColour() throws IOException {
    var forged =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: "n\\e[32m", labels: {gambeson.dev/profile: "x\\e[41m\\n  fine    forged"}}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: "a\\e[31mred\\n  fine    forged"
          namespace: "n\\e[32m"
          annotations: {gambeson.dev/skip-fixes: "A\\e[35mB"}
        spec:
          containers: [{name: "c\\e[33m\\n  fine    forged", image: "i\\e[34m", securityContext: {privileged: true}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: "b\\e[31m\\nforged"}
        spec: {containers: nothing}
        """;

    var review = review(file("a.yaml", forged));

    assertThat(review.out()).contains("[Privileged] ");
    for (var printed : List.of(review.out(), review.err())) {
      assertThat(printed.lines())
          .isNotEmpty()
          .noneMatch(line -> line.chars().anyMatch(Character::isISOControl))
          .noneMatch(line -> line.strip().startsWith("forged") || line.startsWith("  fine"));
    }
  }

  @Test
  void objectsWithoutAPodPassBy() throws IOException {
    var review =
        review(
            file(
                "none.yaml",
                "# nothing\n---\napiVersion: v1\nkind: ConfigMap\ndata: {kind: Pod}\n---\n"));

    assertThat(review.exitCode()).isZero();
    assertThat(review.out())
        .isEqualTo(
            """
            Passed over: 1 ConfigMap
            0 objects with a pod: 0 refused, 0 changed, 0 unchanged; 0 warnings
            """);
  }

  @Test
  void aNamespaceInTheInputChoosesTheProfileUnlessTheConfigurationDoes() throws IOException {
    var namespaces =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {gambeson.dev/profile: quiet}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod-1, labels: {gambeson.dev/profile: plain}}
        ---
        """;
    var input = file("a.yaml", namespaces + DEPLOYMENT + "---\n" + PRIVILEGED_POD);

    assertThat(review(input).flow())
        .containsPattern("web \\(\\S+, profile quiet\\)")
        .containsPattern("root \\(\\S+, profile plain\\)");
    assertThat(review("text", List.of("--namespace", "prod-1"), input).flow())
        .containsPattern("root \\(\\S+, profile quiet\\)");
    assertThat(review("text", List.of("--profile", "plain"), input).flow())
        .containsPattern("web \\(\\S+, profile plain\\)");
  }

  @Test
  void observeByALabelIsNoted() throws IOException {
    var pod = file("a.yaml", PRIVILEGED_POD);
    var namespace =
        file(
            "ns.yaml",
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: default, labels: {gambeson.dev/profile: observe}}
            """);

    var labelled = review(namespace, pod);

    assertThat(labelled.exitCode()).isZero();
    assertThat(labelled.flow())
        .contains("profile observe) note profile \"observe\" by the namespace's label");
    assertThat(review("text", List.of("--profile", "observe"), namespace, pod).flow())
        .contains("profile observe)")
        .doesNotContain("by the namespace's label");
  }

  @Test
  void aProfileThatDoesNotExistIsBadUsage() throws IOException {
    var review = review("text", List.of("--profile", "strict-ish"), file("a.yaml", DEPLOYMENT));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err()).contains("strict-ish", "plain, quiet");
  }

  @Test
  void aPodMaySkipWhatItsProfileLetsItSkip() throws IOException {
    var pod =
        PRIVILEGED_POD.replace(
            "{name: root}",
            "{name: root, annotations: {gambeson.dev/skip-fixes: \"Timezone, Privileged\"}}");

    var review = review(file("a.yaml", pod));

    assertThat(review.flow())
        .doesNotContain("[Timezone]")
        .contains("gambeson.dev/skip-fixes: profile \"plain\" does not let a pod skip Privileged");
  }

  @Test
  void whatAnExemptionKeepsAFixFromIsTold() throws IOException {
    Files.writeString(
        configuration,
        """
        exemptions:
          - {rules: [Timezone], namespaces: [sh*], reason: legacy, approvedBy: ops@example.com, expires: 2027-03-31}
        """,
        StandardOpenOption.APPEND);
    var deployment = file("a.yaml", DEPLOYMENT);

    assertThat(review("text", List.of("--as-of", "2027-01-01"), deployment).flow())
        .contains(
            "exempt [Timezone] would set env TZ=Asia/Shanghai"
                + " (exempted, approved by ops@example.com until 2027-03-31: legacy)")
        .doesNotContain("expires on");
    assertThat(review("text", List.of("--as-of", "2027-03-30"), deployment).flow())
        .contains(
            "note [Timezone] the exemption approved by ops@example.com expires on 2027-03-31");
    assertThat(review("text", List.of("--as-of", "2027-04-01"), deployment).flow())
        .contains(
            "fixed [Timezone] env TZ=Asia/Shanghai",
            "note [Timezone] the exemption approved by ops@example.com expired on 2027-03-31:"
                + " its fix is applied again");
  }

  @Test
  void aLivePodIsJudgedAsItIs() throws IOException {
    var live = DEPLOYMENT_POD.replace("name: web", "name: web\n  uid: 0-1");

    assertThat(review("yaml", file("a.yaml", live)).out()).isEqualTo(live);
    assertThat(review("yaml", file("b.yaml", DEPLOYMENT_POD)).out()).contains("TZ");
  }

  /** As templates write them whose values nobody gave. */
  @Test
  void aNullIsNothing() throws IOException {
    var nulls =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {gambeson.dev/profile: null}}
        ---
        """
            + DEPLOYMENT
            + "---\n"
            + DEPLOYMENT_POD.replaceFirst(
                "name: web", "namespace:\n  uid:\n  generateName: web-\n  name:");

    assertThat(review(file("a.yaml", nulls)).flow())
        .containsPattern("Deployment shop/web \\(\\S+, profile plain\\)")
        .containsPattern("Pod default/web- \\(\\S+, profile plain\\)")
        .contains("fixed [Timezone] env TZ=Asia/Shanghai")
        .doesNotContain("note");
  }

  private static final String DEPLOYMENT_POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers: [{name: web, image: nginx}]
      """;

  @Test
  void aCronJobIsGivenTheTimeZoneThatTheServerGivesIt() throws IOException {
    giveCronJobsTheirTimeZone();
    var input = file("a.yaml", CRON_JOB);

    assertThat(review(input).out()).contains("fixed   [Timezone] spec.timeZone=Asia/Shanghai\n");
    assertThat(review("yaml", input).out())
        .startsWith(CRON_JOB.stripTrailing())
        .endsWith("  timeZone: Asia/Shanghai\n");
    assertThat(review("diff", input).out()).contains("+  timeZone: Asia/Shanghai\n");
    assertThat(review("json", input).json().at("/reviews/0/fixed").findValuesAsText("path"))
        .contains("spec.timeZone");
    for (var chosen :
        List.of(
            CRON_JOB.replace("  schedule:", "  timeZone: UTC\n  schedule:"),
            CRON_JOB.replace("0 3", "CRON_TZ=UTC 0 3"))) {
      assertThat(review("yaml", file("b.yaml", chosen)).out()).doesNotContain("timeZone: Asia");
    }
  }

  @Test
  void whatKeepsTheTimeZoneFromItsPodsKeepsItFromACronJob() throws IOException {
    giveCronJobsTheirTimeZone();
    Files.writeString(
        configuration,
        """
        exemptions:
        - {rules: [Timezone], namespaces: [shop], reason: r, approvedBy: a}
        """,
        StandardOpenOption.APPEND);
    var elsewhere = CRON_JOB.replace("namespace: shop", "namespace: other");
    var skipping =
        elsewhere.replace(
            "metadata: {labels",
            "metadata: {annotations: {gambeson.dev/skip-fixes: Timezone}, labels");

    assertThat(review("yaml", file("a.yaml", CRON_JOB)).out()).doesNotContain("Shanghai");
    assertThat(review("yaml", file("b.yaml", skipping)).out()).doesNotContain("Shanghai");
    assertThat(review("yaml", file("c.yaml", elsewhere)).out()).contains("timeZone: Asia/Shanghai");
  }

  private static final String CRON_JOB =
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report, namespace: shop}
      spec:
        schedule: 0 3 * * *   # at night
        jobTemplate:
          spec:
            template:
              metadata: {labels: {app: report}}
              spec:
                restartPolicy: Never
                containers:
                - name: report
                  image: report:1
      """;

  private void giveCronJobsTheirTimeZone() throws IOException {
    Files.writeString(
        configuration,
        Files.readString(configuration)
            .replace("zone: Asia/Shanghai", "zone: Asia/Shanghai, cronJobs: true"));
  }

  @Test
  void aNullInAListOfTextsIsAnEmptyTextAndStaysAsItIs() throws IOException {
    var pod = DEPLOYMENT_POD.replace("image: nginx", "image: nginx, args: [null]");

    assertThat(review("yaml", file("a.yaml", pod)).out()).contains("args: [null]", "TZ");
    var unreadable = review(file("b.yaml", pod.replace("args", "env")));
    assertThat(unreadable.exitCode()).isEqualTo(2);
    assertThat(unreadable.err()).contains("spec.containers[0].env[0] is null in a list");
  }

  @Test
  void whoCreatesPodsIsAnInputAndCountsNotForThoseOfWorkloads() throws IOException {
    Files.writeString(
        configuration,
        """
        exemptions:
        - {rules: [Privileged], users: [alice], values: {images: ["docker.io/library/*"]}, reason: r, approvedBy: a}
        - {rules: [Privileged], groups: [ops], values: {images: ["docker.io/library/*"]}, reason: r, approvedBy: a}
        """,
        StandardOpenOption.APPEND);
    var pod = file("a.yaml", PRIVILEGED_POD);
    var deployment = file("b.yaml", PRIVILEGED_DEPLOYMENT);

    for (var who :
        List.of(
            List.of("--as", "alice"),
            List.of("--as", "bob", "--as-group", "dev", "--as-group", "ops"))) {
      assertThat(review("text", who, pod).exitCode()).as("%s", who).isZero();
      assertThat(review("text", who, pod).out()).contains("exempt  [Privileged]");
      assertThat(review("text", who, deployment).exitCode()).as("%s", who).isEqualTo(1);
    }
    for (var who : List.of(List.<String>of(), List.of("--as", "bob", "--as-group", "dev"))) {
      assertThat(review("text", who, pod).exitCode()).as("%s", who).isEqualTo(1);
    }
  }

  @Test
  void whatCallsItselfAMirrorPodIsJudgedWhoeverCreatesIt() throws IOException {
    var mirror =
        PRIVILEGED_POD
            .replace("{name: root}", "{name: root, annotations: {kubernetes.io/config.mirror: x}}")
            .replace("containers:", "nodeName: n1\n  containers:");
    var kubelet = List.of("--as", "system:node:n1", "--as-group", "system:nodes");

    assertThat(review("text", kubelet, file("a.yaml", mirror)).out())
        .contains("enforce [Privileged]", ": 1 refused, 0 changed, ");
  }

  @Test
  void theSuggestedExemptionsMakeTheSameReviewPass() throws IOException {
    var input =
        file("a.yaml", PRIVILEGED_DEPLOYMENT + "---\n" + DEPLOYMENT.replace("web", "other"));

    var suggested = suggest(List.of("--as-of", "2026-11-21T18:00:00Z"), input);

    assertThat(suggested.exitCode()).isEqualTo(1);
    assertThat(suggested.err()).isEmpty();
    assertThat(suggested.out())
        .isEqualTo(
            """
            # %s: Deployment shop/web:
            #   [Privileged] container "web": spec.template.spec.containers[0].securityContext.privileged: found true, wanted false
            - rules:
              - Privileged
              namespaces:
              - shop
              pods:
                matchLabels:
                  app: web
              containers:
              - web
              values:
                images:
                - docker.io/library/nginx:1.29
              reason: ''      # FILL IN: why the pods need it
              approvedBy: ''  # FILL IN: who answers for it
              expires: '2027-02-19'
            """
                .formatted(input));

    paste(suggested.out());
    assertThat(review(input).exitCode()).as("as it is").isEqualTo(2);
    assertThat(review(input).err())
        .contains("exemptions[0].reason: is empty: say why pods need it");

    configure();
    paste(filledIn(suggested.out()));
    assertThat(review(input).exitCode()).isZero();
    assertThat(suggest(List.of(), input).exitCode()).isZero();
    assertThat(suggest(List.of(), input).out())
        .isEqualTo("# Nothing that is enforced is broken: no exemption is needed.\n");
    assertThat(
            review(file("b.yaml", PRIVILEGED_DEPLOYMENT.replace("image: nginx", "image: alpine")))
                .exitCode())
        .as("another image")
        .isEqualTo(1);
  }

  @Test
  void whatSeveralObjectsNeedIsSuggestedOnce() throws IOException {
    var job = PRIVILEGED_DEPLOYMENT.replace("apps/v1", "batch/v1").replace("Deployment", "Job");
    var input = file("a.yaml", PRIVILEGED_DEPLOYMENT + "---\n" + job);

    assertThat(suggest(List.of(), input).out().lines().filter(line -> line.startsWith("- rules")))
        .hasSize(1);
    assertThat(suggest(List.of(), input).out()).contains("Deployment shop/web:", "Job shop/web:");
  }

  @Test
  void noExemptionIsSuggestedWithoutANamespace() throws IOException {
    var unnamed = file("a.yaml", PRIVILEGED_POD);
    var nothing = file("b.yaml", PRIVILEGED_POD.replace("name: root}", "name: root, namespace: }"));
    var glob = file("c.yaml", PRIVILEGED_POD.replace("name: root}", "name: root, namespace: '*'}"));

    for (var input : List.of(unnamed, nothing, glob)) {
      var suggested = suggest(List.of(), input);
      assertThat(suggested.exitCode()).isEqualTo(1);
      assertThat(suggested.out())
          .isEqualTo(
              "# " + input + ": Pod root: an exemption needs its namespace: give --namespace NS\n");
    }
    assertThat(suggest(List.of("--namespace", "shop", "--as", "alice"), unnamed).out())
        .contains("namespaces:\n  - shop\n", "users:\n  - alice\n")
        .contains(
            "# " + "  for every pod of the namespace: there is no label to choose these by\n");
  }

  @Test
  void whatNoExemptionLetsPassIsSaidAndNothingLeavesTheComments() throws IOException {
    var hostile =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: "a\\n- rules: [Privileged]", namespace: shop}
        spec:
          containers:
          - {name: "b\\n- c", image: b, securityContext: {capabilities: {add: [ALL]}}}
        """;

    var suggested = suggest(List.of(), file("a.yaml", hostile));

    assertThat(suggested.exitCode()).isEqualTo(1);
    assertThat(suggested.out())
        .contains("[Capabilities] container \"b - c\"", "no exemption lets this pass: fix it");
    assertThat(suggested.out().lines()).allMatch(line -> line.startsWith("# "));
  }

  @Test
  void aSuggestionIsNoReport() throws IOException {
    var both = suggest(List.of("--output", "yaml"), file("a.yaml", PRIVILEGED_POD));

    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("leave out --output");
  }

  private static final String PRIVILEGED_DEPLOYMENT =
      DEPLOYMENT.replace(
          "image: nginx:1.29", "image: nginx:1.29\n          securityContext: {privileged: true}");

  private Invocation suggest(List<String> options, Path file) {
    var arguments = new ArrayList<>(List.of("review", "--suggest-exemption"));
    arguments.addAll(List.of("--config", configuration.toString(), file.toString()));
    arguments.addAll(options);
    return Invocation.of(arguments.toArray(String[]::new));
  }

  private void paste(String exemptions) throws IOException {
    Files.writeString(configuration, "exemptions:\n" + exemptions, StandardOpenOption.APPEND);
  }

  private static String filledIn(String exemptions) {
    return exemptions
        .replace("reason: ''", "reason: r")
        .replace("approvedBy: ''", "approvedBy: security@example.com");
  }

  @Test
  void theMomentOfTheVerdictIsAnInput() throws IOException {
    Files.writeString(
        configuration,
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: plain
        profiles:
          plain:
            extends: none
            podSecurity: {enforce: privileged, warn: privileged, audit: privileged}
            rules:
              AllowPrivilegeEscalation: {check: warn, enforceFrom: 2027-01-15}
        """);
    var input = file("a.yaml", DEPLOYMENT);

    var before = review("text", List.of("--as-of", "2027-01-14"), input);
    var after = review("text", List.of("--as-of", "2027-01-15"), input);
    var lastSecond = review("text", List.of("--as-of", "2027-01-14T23:59:59Z"), input);
    var elsewhere = review("text", List.of("--as-of", "2027-01-14T23:59:59-05:00"), input);
    var unclear = review("text", List.of("--as-of", "tomorrow"), input);

    assertThat(before.exitCode()).isZero();
    assertThat(before.out()).contains("(enforced from 2027-01-15)");
    assertThat(after.exitCode()).isEqualTo(1);
    assertThat(lastSecond.exitCode()).isZero();
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(unclear.exitCode()).isEqualTo(2);
    assertThat(unclear.err()).contains("'tomorrow' is neither a day");
  }

  @ParameterizedTest
  @CsvSource({
    "enforce, 1, 0, 0",
    "warn, 1, 1, 0",
    "never, 0, 0, 0",
  })
  void whatFailsAReviewIsAnOption(String mode, int refused, int warned, int fine)
      throws IOException {
    var options = List.of("--fail-on", mode);

    assertThat(review("text", options, file("a.yaml", PRIVILEGED_POD)).exitCode())
        .isEqualTo(refused);
    assertThat(review("text", options, file("b.yaml", DEPLOYMENT)).exitCode()).isEqualTo(warned);
    assertThat(
            review("text", options, file("c.yaml", DEPLOYMENT.replace("shop", "prod-1")))
                .exitCode())
        .isEqualTo(fine);
    assertThat(review("text", options, file("d.yaml", NOT_YAML)).exitCode()).isEqualTo(2);
  }

  @Test
  void nothingToJudgeIsAFailureOnRequest() throws IOException {
    var nothing = file("a.yaml", "apiVersion: v1\nkind: Service\n");
    var option = List.of("--fail-if-nothing-found");

    assertThat(review(nothing).exitCode()).isZero();
    assertThat(review("json", option, nothing).exitCode()).isEqualTo(3);
    assertThat(review("json", option, nothing).err()).contains("no object");
    assertThat(review("json", option, file("b.yaml", PRIVILEGED_POD)).exitCode()).isEqualTo(1);
    assertThat(review("json", option, file("c.yaml", NOT_YAML)).exitCode()).isEqualTo(2);
  }

  @Test
  void onlyTheRulesThatAreAskedForFixAndCheck() throws IOException {
    var pod = file("a.yaml", PRIVILEGED_POD);

    var some = review("json", List.of("--rules", "timezone,RunAsNonRoot"), pod);
    var others =
        review("json", List.of("--skip-rules", "Privileged", "--skip-rules", "Timezone"), pod);

    assertThat(some.exitCode()).isZero();
    assertThat(some.json().at("/reviews/0/fixed").findValuesAsText("rule"))
        .containsExactly("Timezone");
    assertThat(some.json().at("/reviews/0/violations").findValuesAsText("rule"))
        .containsExactly("RunAsNonRoot");
    assertThat(others.exitCode()).isZero();
    assertThat(others.json().at("/reviews/0/fixed")).isEmpty();
    assertThat(others.json().at("/reviews/0/violations").findValuesAsText("rule"))
        .contains("RunAsNonRoot", "AllowPrivilegeEscalation")
        .doesNotContain("Privileged");
    assertThat(review("yaml", List.of("--rules", "Privileged"), pod).out())
        .isEqualTo(PRIVILEGED_POD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--rules", "--skip-rules"})
  void anUnknownRuleIsBadUsage(String option) throws IOException {
    var review = review("text", List.of(option, "Timezone,HostPort"), file("a.yaml", DEPLOYMENT));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err()).contains("There is no rule \"HostPort\", did you mean \"HostPorts\"?");
  }

  @ParameterizedTest
  @CsvSource({
    "sarif, '\"ruleId\" : \"Privileged\"'",
    "junit, 'name=\"Privileged\" time=\"0\"><failure'"
  })
  void otherProgramsReadTheirForms(String form, String expected) throws IOException {
    var review = review(form, file("a.yaml", PRIVILEGED_POD));

    assertThat(review.exitCode()).isEqualTo(1);
    assertThat(review.out()).contains(expected);
  }

  @Test
  void severalFilesAreOneStream() throws IOException {
    var review =
        review(
            "yaml",
            file("a.yaml", "apiVersion: v1\nkind: Service"),
            file("b.json", "{\"apiVersion\": \"v1\", \"kind\": \"Service\"}\n"),
            file("c.yaml", "---\napiVersion: v1\nkind: Service\n"));

    assertThat(review.out())
        .isEqualTo(
            """
            ---
            apiVersion: v1
            kind: Service
            ---
            {"apiVersion": "v1", "kind": "Service"}
            ---
            apiVersion: v1
            kind: Service
            """);
  }

  @Test
  void aBrokenConfigurationIsNoVerdict() throws IOException {
    Files.writeString(configuration, "kind: Nonsense\n");

    var review = review(file("a.yaml", DEPLOYMENT));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.out()).isEmpty();
    assertThat(review.err()).contains("gambeson.yaml");
  }

  @Test
  void noFileIsBadUsage() {
    assertThat(Invocation.of("review").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("review").err()).contains("FILE", "gambeson review --help");
  }

  private Invocation review(Path... files) {
    return review("text", files);
  }

  private Invocation review(String output, Path... files) {
    return review(output, List.of(), files);
  }

  private Invocation review(String output, List<String> options, Path... files) {
    var arguments = new ArrayList<>(List.of("review", "--output", output));
    arguments.addAll(List.of("--config", configuration.toString()));
    arguments.addAll(options);
    List.of(files).forEach(file -> arguments.add(file.toString()));
    return Invocation.of(arguments.toArray(String[]::new));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> fields(JsonNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
