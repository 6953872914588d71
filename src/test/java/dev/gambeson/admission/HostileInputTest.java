package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Configuration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pod that would be denied is denied, in time, whatever text its author puts beside: under {@code
 * failurePolicy: Ignore}, a webhook that fails or is too slow lets the pod pass.
 */
class HostileInputTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONG = 1_000_000;

  static Stream<Named<ObjectNode>> texts() {
    var path = pod();
    path.withObject("/spec")
        .putArray("volumes")
        .addObject()
        .put("name", "deep")
        .putObject("hostPath")
        .put("path", "/proc/1/root".repeat(LONG / 12));
    var owner = pod();
    owner
        .putObject("metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "a".repeat(LONG) + "/v1")
        .put("kind", "Job")
        .put("name", "a")
        .put("uid", "a")
        .put("controller", true);
    var value = pod();
    ((ObjectNode) value.at("/spec/containers/0"))
        .putArray("env")
        .addObject()
        .put("name", "PASSWORD")
        .put("value", "dummy".repeat(LONG / 5) + "\nx");
    return Stream.of(
        Named.of("a path through many roots", path),
        Named.of("an owner of a long apiVersion", owner),
        Named.of("a value that is nearly a placeholder", value));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void longTextsDoNotKeepAPodFromBeingDenied(ObjectNode pod) {
    assertDenied(pod);
  }

  @Test
  void noNumberOfContainersKeepsAPodFromBeingDenied() {
    var pod = pod();
    var containers = pod.withObject("/spec").withArray("/containers");
    var first = containers.get(0);
    for (int i = 0; i < 10_000; i++) {
      containers.add(first.<ObjectNode>deepCopy().put("name", "web-" + i));
    }

    assertDenied(pod);
  }

  /** They are asked for one by one in rules and exemptions. */
  @Test
  void moreGroupsThanAnyoneHasAreRefused() {
    var groups = IntStream.range(0, 20_000).mapToObj(i -> "\"g" + i + "\"").toList();
    var body =
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1",
        "request":{"uid":"1","userInfo":{"username":"a","groups":%s}}}
        """
            .formatted(groups)
            .getBytes(UTF_8);

    assertThatThrownBy(() -> CODEC.decode(body))
        .isInstanceOf(MalformedReviewException.class)
        .hasMessageContaining("more than 10000 groups");
  }

  /** Each amount in every place that a rule compares. */
  @ParameterizedTest
  @MethodSource("amounts")
  void noAmountKeepsAPodFromBeingDenied(String amount) throws Exception {
    var configuration =
        ConfigurationLoader.load(
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            profiles:
              maxed:
                podSecurity: {enforce: privileged}
                rules:
                  Resources: {fix: apply, check: enforce, required: [], maximum: {cpu: 2}, maxLimitRequestRatio: {cpu: 4}, qosClass: Burstable}
                  EmptyDirSizeLimit: {fix: apply, check: enforce}
                  PodPresets:
                    fix: apply
                    presets:
                      files:
                        pods: {}
                        env:
                        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                        volumes:
                        - {name: data, emptyDir: {sizeLimit: 1Gi}}
                        volumeMounts:
                        - {name: data, mountPath: /data}
            """,
            "maxed.yaml");
    var pod = pod();
    var container = (ObjectNode) pod.at("/spec/containers/0");
    container
        .putArray("env")
        .addObject()
        .put("name", "CPU")
        .putObject("valueFrom")
        .putObject("resourceFieldRef")
        .put("resource", "limits.cpu")
        .put("divisor", amount);
    container.putObject("resources").putObject("limits").put("cpu", amount);
    pod.withObject("/spec/resources/limits").put("cpu", amount);
    pod.withObject("/spec")
        .putArray("volumes")
        .addObject()
        .put("name", "data")
        .putObject("emptyDir")
        .put("sizeLimit", amount);

    assertThat(decide(pod, configuration, Webhook.MUTATE, "maxed"))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(decide(pod, configuration, Webhook.VALIDATE, "maxed"))
        .isInstanceOfSatisfying(
            Decision.Denied.class,
            denied ->
                assertThat(denied.message())
                    .contains(
                        "spec.containers[0].resources.limits.cpu",
                        "spec.resources.limits.cpu",
                        "spec.volumes[0].emptyDir.sizeLimit",
                        "wanted Burstable"));
  }

  static Stream<Named<String>> amounts() {
    return Stream.of(
        Named.of("above every exponent", "1e2147483647"),
        Named.of("below every exponent", "1e-2147483648"),
        Named.of("beyond all numbers", "1e99999999999"),
        Named.of("of many digits", "9".repeat(LONG)),
        Named.of("of many digits after the point", "0." + "9".repeat(LONG)));
  }

  private static ObjectNode pod() {
    var pod = MAPPER.createObjectNode();
    pod.putObject("metadata");
    pod.putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "web")
        .put("image", "nginx")
        .putObject("securityContext")
        .put("privileged", true);
    return pod;
  }

  private static void assertDenied(ObjectNode pod) {
    var decision = assertTimeoutPreemptively(PATIENCE, () -> validate(pod));
    assertThat(decision).isInstanceOf(Decision.Denied.class);
  }

  private static Decision validate(ObjectNode pod) throws Exception {
    return decide(pod, ConfigurationLoader.builtIn(), Webhook.VALIDATE, "strict");
  }

  private static Decision decide(
      ObjectNode pod, Configuration configuration, Webhook webhook, String profile)
      throws Exception {
    var review = MAPPER.createObjectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    var request = review.putObject("request").put("uid", "u").put("operation", "CREATE");
    request.put("namespace", "shop").set("object", pod);
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
    return new AdmissionPipeline(
            () -> configuration, InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")), CODEC)
        .handle(
            new Route(webhook, profile, PodSecurityLevel.PRIVILEGED),
            CODEC.decode(MAPPER.writeValueAsString(review).getBytes(UTF_8)));
  }
}
