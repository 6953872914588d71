package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an injector, a LimitRange or a default PriorityClass may still fill in. */
class FilledInLaterTest {
  private static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        strict:
          rules:
            Resources: {fix: off, check: enforce, required: [requests.cpu, limits.memory], maximum: {memory: 4Gi}}
            PriorityClass: {check: enforce, required: true, allowed: ["team-*"]}
            ImageRegistry: {check: enforce, allowed: ["registry.example.com/*"]}
      """;
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: web, image: "registry.example.com/web:1"}]
      """;
  private static final String LIMIT_RANGE =
      """
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: defaults, namespace: shop}
      spec:
        limits:
        - {type: Container, default: {memory: 1Gi, cpu: 1}}
      """;
  private static final String PRIORITY_CLASS =
      """
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: team-default}
      globalDefault: true
      value: 100
      """;

  @TempDir Path folder;
  private Path configuration;

  @BeforeEach
  void configure() throws IOException {
    configuration = Files.writeString(folder.resolve("config.yaml"), CONFIGURATION);
  }

  @Test
  void isRefusedAndMarked() throws IOException {
    assertThat(violations(DEPLOYMENT, 1))
        .containsExactlyInAnyOrder(
            "enforce spec.template.spec.priorityClassName true",
            "enforce spec.template.spec.containers[0].resources.requests.cpu true",
            "enforce spec.template.spec.containers[0].resources.limits.memory true");
    assertThat(review(DEPLOYMENT, "text").flow())
        .contains(
            "(the default PriorityClass of the cluster may still fill it in)",
            "(a LimitRange of the namespace may still fill it in)");
  }

  @Test
  void isNotMissingWhereTheInputHoldsWhatFillsItIn() throws IOException {
    assertThat(violations(DEPLOYMENT + LIMIT_RANGE + PRIORITY_CLASS, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "namespace: shop => namespace: other",
        "type: Container => type: Pod",
        "default: {memory: 1Gi, cpu: 1} => maxLimitRequestRatio: {memory: 2}",
      })
  void aLimitRangeThatFillsNothingInCountsForNothing(String change) throws IOException {
    var parts = change.split(" => ", -1);

    assertThat(violations(DEPLOYMENT + LIMIT_RANGE.replace(parts[0], parts[1]) + PRIORITY_CLASS, 1))
        .containsExactlyInAnyOrder(
            "enforce spec.template.spec.containers[0].resources.requests.cpu true",
            "enforce spec.template.spec.containers[0].resources.limits.memory true");
  }

  @Test
  void aLimitRangeFillsInWhatItsMaximumAndMinimumSay() throws IOException {
    var bounds = "max: {memory: 1Gi}, min: {cpu: 100m}";

    assertThat(
            violations(
                DEPLOYMENT
                    + LIMIT_RANGE.replace("default: {memory: 1Gi, cpu: 1}", bounds)
                    + PRIORITY_CLASS,
                0))
        .isEmpty();
  }

  @Test
  void whatIsFilledInIsJudged() throws IOException {
    assertThat(
            violations(
                DEPLOYMENT
                    + LIMIT_RANGE.replace("1Gi", "8Gi")
                    + PRIORITY_CLASS.replace("team-default", "default"),
                1))
        .contains(
            "enforce spec.template.spec.priorityClassName false",
            "enforce spec.template.spec.containers[0].resources.limits.memory false");
  }

  @Test
  void aClassThatIsNotTheDefaultFillsNothingIn() throws IOException {
    assertThat(
            violations(
                DEPLOYMENT + LIMIT_RANGE + PRIORITY_CLASS.replace("globalDefault: true", ""), 1))
        .containsExactly("enforce spec.template.spec.priorityClassName true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "labels: {sidecar.istio.io/inject: 'true'}                | auto           | true",
        "annotations: {sidecar.istio.io/inject: 'true'}           | auto           | true",
        "annotations: {inject.istio.io/templates: gateway}        | auto           | true",
        "labels: {istio.io/rev: canary}                           | auto           | true",
        "labels: {sidecar.istio.io/inject: 'false'}               | auto           | false",
        "labels: {app: gateway}                                   | auto           | false",
        "labels: {sidecar.istio.io/inject: 'true'}                | docker.io/auto | false",
      })
  void anInjectorsImageIsMarkedBesideItsMarkAlone(String metadata, String image, boolean marked)
      throws IOException {
    var gateway =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: gateway}
        spec:
          selector: {matchLabels: {app: gateway}}
          template:
            metadata: {%s}
            spec:
              priorityClassName: team-a
              containers: [{name: proxy, image: %s, resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}}]
        """
            .formatted(metadata, image);

    assertThat(violations(gateway, 1))
        .containsExactly("enforce spec.template.spec.containers[0].image " + marked);
  }

  @Test
  void nothingElseIsMarkedAndNothingOfALivePod() throws IOException {
    var pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web%s}
        spec:
          hostNetwork: true
          containers: [{name: web, image: "registry.example.com/web:1"}]
        """;

    assertThat(violations(pod.formatted(""), 1))
        .contains("enforce spec.priorityClassName true", "enforce spec.hostNetwork false");
    assertThat(violations(pod.formatted(", uid: '1'"), 1))
        .contains("enforce spec.priorityClassName false");
  }

  /** Mode, path and mark of what is enforced. */
  private List<String> violations(String manifest, int exitCode) throws IOException {
    var invocation = review(manifest, "json");
    assertThat(invocation.exitCode()).as(invocation.out()).isEqualTo(exitCode);
    return new ObjectMapper()
        .readTree(invocation.out())
        .at("/reviews/0/violations")
        .valueStream()
        .filter(violation -> violation.path("mode").asText().equals("enforce"))
        .map(violation ->
            violation.path("mode").asText()
                + " "
                + violation.path("path").asText()
                + " "
                + violation.path("mayBeFilledIn").booleanValue())
        .toList();
  }

  private Invocation review(String manifest, String output) throws IOException {
    var file = Files.writeString(folder.resolve("manifest.yaml"), manifest);
    return Invocation.of(
        "review",
        "--config",
        configuration.toString(),
        "--profile",
        "strict",
        "--output",
        output,
        file.toString());
  }
}
