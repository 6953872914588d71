package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Configuration;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is larger than any pod that runs is counted, and neither read nor let pass. */
class BoundTest {
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Configuration CONFIGURATION = ConfigurationLoader.builtIn();
  private static final AdmissionPipeline PIPELINE =
      new AdmissionPipeline(
          () -> CONFIGURATION, InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")), CODEC);

  /**
   * A list that a pod may make long.
   *
   * @param container fields of its container, with {@code %s} for the elements
   * @param spec fields of its spec, likewise
   */
  record Excess(Bound bound, String container, String spec, String element) {
    /** A privileged pod whose list has that many elements. */
    String pod(int count) {
      return pod("nginx:1", count);
    }

    String pod(String image, int count) {
      var elements = String.join(",", Collections.nCopies(count, element));
      return """
      {"metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"%s",\
      "securityContext":{"privileged":true}%s}]%s}}\
      """
          .formatted(image, container.formatted(elements), spec.formatted(elements));
    }

    @Override
    public String toString() {
      return bound + " by " + element;
    }
  }

  static Stream<Excess> excesses() {
    return Stream.of(
        new Excess(
            Bound.CONTAINERS, "", ",\"initContainers\":[%s]", "{\"name\":\"a\",\"image\":\"b\"}"),
        new Excess(Bound.CONTAINERS, "", ",\"ephemeralContainers\":[%s]", "{\"image\":\"b\"}"),
        new Excess(Bound.VOLUMES, "", ",\"volumes\":[%s]", "{\"name\":\"a\",\"emptyDir\":{}}"),
        new Excess(Bound.TOLERATIONS, "", ",\"tolerations\":[%s]", "{}"),
        new Excess(Bound.MOUNTS, ",\"volumeMounts\":[%s]", "", "{\"name\":\"a\"}"),
        new Excess(Bound.MOUNTS, ",\"volumeDevices\":[%s]", "", "{}"),
        new Excess(Bound.VARIABLES, ",\"env\":[%s]", "", "{\"name\":\"a\"}"),
        new Excess(Bound.VARIABLES, ",\"envFrom\":[%s]", "", "{}"),
        new Excess(Bound.ARGUMENTS, ",\"args\":[%s]", "", "\"a\""),
        new Excess(Bound.ARGUMENTS, ",\"command\":[%s]", "", "\"a\""),
        new Excess(Bound.VALUES, "", ",\"securityContext\":{\"supplementalGroups\":[%s]}", "1"),
        new Excess(Bound.OBJECTS, "", ",\"hostAliases\":[%s]", "{}"),
        new Excess(Bound.FIELDS, "", ",\"unknown\":[{%s}]", "\"a\":1"));
  }

  @ParameterizedTest
  @MethodSource("excesses")
  void atTheBoundAPodIsJudgedAndBeyondItDenied(Excess excess) throws Exception {
    // The container of the pod counts as well, and so does every value of the rest.
    int rest =
        switch (excess.bound()) {
          case CONTAINERS -> 1;
          case VALUES -> 12;
          case OBJECTS -> 5;
          case FIELDS -> 9;
          default -> 0;
        };
    int most = excess.bound().most() - rest;

    var judged = (Decision.Denied) validate("CREATE", excess.pod(most), null);
    var denied = (Decision.Denied) validate("CREATE", excess.pod(most + 1), null);

    assertThat(judged.reason()).isEqualTo(Decision.Reason.FORBIDDEN);
    assertThat(judged.stats().findings())
        .anyMatch(finding -> finding.violation().rule().equals("Privileged"));
    assertThat(denied.reason()).isEqualTo(Decision.Reason.TOO_LARGE);
    assertThat(denied.message())
        .startsWith("the pod is too large: it has more than " + excess.bound().most() + " ");
  }

  @ParameterizedTest
  @MethodSource("excesses")
  void beyondTheBoundAPodIsNotFixedAndSoItSays(Excess excess) throws Exception {
    var body = review("Pod", "CREATE", "", excess.pod(excess.bound().most() + 1), null);

    var decision = (Decision.Allowed) handle(Webhook.MUTATE, body);

    assertThat(decision.patch()).isNull();
    assertThat(decision.warnings())
        .singleElement()
        .asString()
        .startsWith("neither fixed nor checked: the pod is too large");
  }

  @ParameterizedTest
  @MethodSource("excesses")
  void beyondTheBoundAWorkloadPassesWithAWarning(Excess excess) throws Exception {
    var deployment =
        "{\"metadata\":{},\"spec\":{\"template\":" + excess.pod(excess.bound().most() + 1) + "}}";

    var decision =
        (Decision.Allowed)
            handle(Webhook.VALIDATE, review("Deployment", "CREATE", "", deployment, null));

    assertThat(decision.warnings()).singleElement().asString().contains("too large");
  }

  @ParameterizedTest
  @MethodSource("excesses")
  void anUpdateBeyondTheBoundPassesWhereItChangesNothingOfThat(Excess excess) throws Exception {
    int beyond = excess.bound().most() + 1;
    var pod = excess.pod(beyond);
    var withLabel = pod.replace("\"name\":\"web\"}", "\"name\":\"web\",\"labels\":{\"a\":\"b\"}}");
    var deleted =
        excess
            .pod(1)
            .replace(
                "\"name\":\"web\"}",
                "\"name\":\"web\",\"deletionTimestamp\":\"2026-11-21T00:00:00Z\"}");

    assertThat(validate("UPDATE", withLabel, pod)).isInstanceOf(Decision.Allowed.class);
    assertThat(validate("UPDATE", pod, deleted)).isInstanceOf(Decision.Allowed.class);
    assertThat(validate("UPDATE", excess.pod("forbidden:1", beyond), pod))
        .as("a new image")
        .isInstanceOf(Decision.Denied.class);
    assertThat(validate("UPDATE", pod, excess.pod(1)))
        .as("an excess that was not there before")
        .isInstanceOf(Decision.Denied.class);
    assertThat(handle(Webhook.VALIDATE, review("Pod", "UPDATE", "ephemeralcontainers", pod, pod)))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void oneExcessDoesNotMakeRoomForAnother() throws Exception {
    var values = new Excess(Bound.VALUES, "", ",\"unknown\":[%s]", "1").pod(Bound.VALUES.most());
    var tolerations =
        new Excess(Bound.TOLERATIONS, "", ",\"tolerations\":[%s]", "{}").pod(Bound.VALUES.most());

    assertThat(validate("UPDATE", tolerations, values)).isInstanceOf(Decision.Denied.class);
    assertThat(validate("UPDATE", values, tolerations)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void deepNestingAndLongTextsAreDeniedToo() throws Exception {
    var deep = "[".repeat(300) + "]".repeat(300);
    var text = "x".repeat(Bound.CHARACTERS.most() + 1);
    for (var spec :
        Stream.of(
                "\"unknown\":" + deep,
                "\"hostname\":\"" + text + "\"",
                "\"" + text + "\":1",
                "\"nodeSelector\":{\"a\":\"" + text + "\"}",
                "\"nodeSelector\":{\"" + text + "\":\"b\"}")
            .toList()) {
      var pod =
          "{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\"}],"
              + spec
              + "}}";
      assertThat(validate("CREATE", pod, null))
          .as(spec.substring(0, 40))
          .isInstanceOfSatisfying(
              Decision.Denied.class,
              denied -> assertThat(denied.reason()).isEqualTo(Decision.Reason.TOO_LARGE));
    }
  }

  @Test
  void manyLongStringsAreDeniedToo() throws Exception {
    var texts = Collections.nCopies(8, "\"" + "丁".repeat(Bound.TEXT.most() / 8) + "\"");
    var most = "{\"metadata\":{},\"spec\":{\"containers\":[{\"image\":\"b\"}],\"unknown\":[%s]}}";
    var names = "metadata" + "spec" + "containers" + "image" + "b" + "unknown";
    var fits = String.join(",", texts).replaceFirst("丁{" + names.length() + "}", "");

    assertThat(excess(most.formatted(fits))).isEmpty();
    assertThat(excess(most.formatted(fits.replaceFirst("丁", "丁丁"))))
        .contains("more than 4194304 characters in all strings");
  }

  private static Optional<String> excess(String pod) throws Exception {
    var request = CODEC.decode(review("Pod", "CREATE", "", pod, null));
    return Objects.requireNonNull(request.object()).outline().excess();
  }

  /** Nothing of the excess is ever built: what is allocated does not grow with it. */
  @ParameterizedTest
  @MethodSource("excesses")
  void beyondTheBoundNothingIsBuilt(Excess excess) throws Exception {
    var body = review("Pod", "CREATE", "", excess.pod(1_000_000), null);
    handle(Webhook.VALIDATE, body);
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = thread.getCurrentThreadAllocatedBytes();
    handle(Webhook.VALIDATE, body);
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(4_000_000);
  }

  @Test
  void countsAreOfTheWholePod() throws Exception {
    var containers =
        IntStream.range(0, 11)
            .mapToObj(i ->
                "{\"name\":\"c%d\",\"image\":\"b\",\"env\":[%s]}"
                    .formatted(
                        i,
                        IntStream.range(0, 2_000)
                            .mapToObj(j -> "{\"name\":\"a\"}")
                            .collect(Collectors.joining(","))))
            .collect(Collectors.joining(","));

    assertThat(
            validate(
                "CREATE", "{\"metadata\":{},\"spec\":{\"containers\":[" + containers + "]}}", null))
        .isInstanceOfSatisfying(
            Decision.Denied.class,
            denied ->
                assertThat(denied.message()).contains("more than 20000 environment variables"));
  }

  private static Decision validate(String operation, String pod, @Nullable String old)
      throws Exception {
    return handle(Webhook.VALIDATE, review("Pod", operation, "", pod, old));
  }

  private static byte[] review(
      String kind, String operation, String subResource, String object, @Nullable String old) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",
    "kind":{"group":"%s","version":"v1","kind":"%s"},"operation":"%s","subResource":"%s",
    "namespace":"shop","object":%s,"oldObject":%s}}
    """
        .formatted(kind.equals("Pod") ? "" : "apps", kind, operation, subResource, object, old)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Decision handle(Webhook webhook, byte[] body) throws Exception {
    return PIPELINE.handle(
        new Route(webhook, "strict", PodSecurityLevel.PRIVILEGED), CODEC.decode(body));
  }
}
