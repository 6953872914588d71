package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Finding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** However much a pod breaks, the answer stays small, and what is in it is whole. */
class AnswerBoundsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final int MESSAGE = 16 * 1024;
  private static final int FOR_AN_EVENT = 900;
  private static final int WARNINGS = 4 * 1024;
  private static final int ANNOTATION = 4 * 1024;
  private static final int ANNOTATIONS = 32 * 1024;
  private static final Pattern COUNT = Pattern.compile("… and (\\d+) more( violations| warnings)?");

  /** Everything that a rule can find, by profile: as it is, and warned of. */
  private static final String PROFILES =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        all:
          extends: strict
          workloads: enforce
          rules:
            SecretsInEnv: {check: enforce}
            ImageTag: {check: enforce}
            Probes: {check: enforce, require: [readiness, liveness, startup]}
            ReadOnlyRootFilesystem: {fix: audit, check: enforce}
            RuntimeSockets: {check: warn}
            ImagePullPolicy: {fix: audit, check: enforce}
            Timezone: {fix: audit}
      """;

  record Shape(String name, int count, ObjIntConsumer<ObjectNode> add) {
    ObjectNode pod() {
      var pod = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
      pod.putObject("metadata").put("name", "hostile");
      var spec = pod.putObject("spec");
      container(spec, 0);
      for (int i = 0; i < count; i++) {
        add.accept(spec, i);
      }
      return pod;
    }

    @Override
    public String toString() {
      return count + " " + name;
    }
  }

  static Stream<Shape> shapes() {
    return Stream.of(
        new Shape("containers", 400, AnswerBoundsTest::container),
        new Shape(
            "hostPath volumes",
            1_000,
            (spec, i) ->
                spec.withArray("volumes")
                    .addObject()
                    .put("name", "データ\u2028\u202E\u0085\n: null # remove" + i)
                    .putObject("hostPath")
                    .put("path", "/var/run/" + "界".repeat(60))),
        new Shape(
            "volumes of a driver",
            1_000,
            (spec, i) ->
                spec.withArray("volumes")
                    .addObject()
                    .put("name", "v" + i)
                    .putObject("nfs")
                    .put("server", "s")),
        new Shape(
            "sysctls",
            5_000,
            (spec, i) ->
                spec.withObject("/securityContext")
                    .withArray("sysctls")
                    .addObject()
                    .put("name", "kernel.x" + i)
                    .put("value", "1")),
        new Shape(
            "secrets",
            5_000,
            (spec, i) ->
                ((ObjectNode) spec.at("/containers/0"))
                    .withArray("env")
                    .addObject()
                    .put("name", "PASSWORD_" + i)
                    .put("value", "h8Gk29xL0pQ")),
        new Shape(
            "host ports",
            5_000,
            (spec, i) ->
                ((ObjectNode) spec.at("/containers/0"))
                    .withArray("ports")
                    .addObject()
                    .put("containerPort", i + 1)
                    .put("hostPort", i + 1)),
        new Shape(
            "capabilities",
            5_000,
            (spec, i) ->
                ((ObjectNode) spec.at("/containers/0"))
                    .withObject("/securityContext/capabilities")
                    .withArray("add")
                    .add("ÄÖÜ\n: null # remove" + i)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theAnswerOnAPodIsBounded(Shape shape) throws Exception {
    for (var webhook : Webhook.values()) {
      for (var profile : List.of("all", "standard", "observe")) {
        var verdict = decide(webhook, profile, "Pod", "alice", shape.pod());
        assertBounded(verdict, MESSAGE);
        assertBounded(
            decide(
                webhook,
                profile,
                "Pod",
                "system:serviceaccount:kube-system:job-controller",
                shape.pod()),
            FOR_AN_EVENT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theAnswerOnAWorkloadIsBounded(Shape shape) throws Exception {
    var workload = MAPPER.createObjectNode();
    workload.putObject("metadata").put("name", "hostile");
    workload.putObject("spec").putObject("template").set("spec", shape.pod().path("spec"));
    for (var profile : List.of("all", "standard", "observe")) {
      assertBounded(decide(Webhook.VALIDATE, profile, "Deployment", "alice", workload), MESSAGE);
    }
  }

  @Test
  void whatIsEnforcedIsToldFirstAndEachRuleIsNamed() throws Exception {
    var pod = new Shape("containers", 400, AnswerBoundsTest::container).pod();

    var verdict = decide(Webhook.VALIDATE, "all", "Pod", "alice", pod);

    var violated =
        verdict.auditAnnotations().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("violated."))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertThat(violated.keySet())
        .containsAll(
            verdict.stats().findings().stream()
                .map(finding -> "violated." + finding.violation().rule())
                .collect(Collectors.toSet()));
    assertThat(violated.values()).allMatch(value -> value.matches("(enforce|warn|audit): \\[.*"));
    var full = violated.values().stream().filter(value -> bytes(value) > 3_500).toList();
    assertThat(full).isNotEmpty().allMatch(value -> value.startsWith("enforce: "));
  }

  @Test
  void aPodThatItsFixesWouldMakeTooLargeForEtcdIsNotFixed() throws Exception {
    for (int length : List.of(1_000_000, 1_048_000)) {
      var pod = new Shape("containers", 3, AnswerBoundsTest::container).pod();
      ((ObjectNode) pod.path("metadata")).putObject("annotations").put("long", "x".repeat(length));

      var verdict = (Decision.Allowed) decide(Webhook.MUTATE, "strict", "Pod", "alice", pod);

      if (length < 1_048_000) {
        assertThat(verdict.patch()).isNotEmpty();
      } else {
        assertThat(verdict.patch()).isNull();
        assertThat(verdict.warnings()).anyMatch(warning -> warning.contains("larger than 1 MiB"));
        assertThat(verdict.auditAnnotations()).isEmpty();
        assertThat(verdict.stats().applied()).isEmpty();
      }
    }
  }

  private static void container(ObjectNode spec, int i) {
    spec.withArray("containers")
        .addObject()
        .put("name", "c" + spec.path("containers").size())
        .put("image", "nginx")
        .putObject("securityContext")
        .put("privileged", true)
        .put("runAsUser", 0)
        .put("runAsNonRoot", false);
  }

  private static void assertBounded(Decision.Verdict verdict, int longest) {
    var warnings = verdict.warnings();
    assertThat(bytes(warnings)).isLessThanOrEqualTo(WARNINGS);
    for (var warning : warnings) {
      assertThat(warning.startsWith("…") ? COUNT.matcher(warning).matches() : true).isTrue();
    }

    var annotations = verdict.auditAnnotations();
    assertThat(annotations.values()).allMatch(value -> bytes(value) <= ANNOTATION);
    assertThat(bytes(annotations.keySet()) + bytes(annotations.values()))
        .isLessThanOrEqualTo(ANNOTATIONS);
    var messages =
        verdict.stats().findings().stream()
            .map(finding -> finding.violation().rule())
            .collect(Collectors.groupingBy(rule -> rule, Collectors.counting()));
    messages.forEach((rule, count) ->
        assertThat(told(annotations.getOrDefault("violated." + rule, ""))).isEqualTo(count));

    if (verdict instanceof Decision.Denied denied) {
      assertThat(bytes(denied.message())).as(denied.message()).isLessThanOrEqualTo(longest);
      assertThat(denied.message().codePoints())
          .noneMatch(point ->
              point != '\n'
                  && (Character.isISOControl(point)
                      || Character.getType(point) == Character.FORMAT
                      || Character.getType(point) == Character.LINE_SEPARATOR));
      assertLines(denied);
      assertYaml(denied.message());
    }
  }

  /** How many violations an annotation tells of: those it shows and those it counts. */
  private static long told(String annotation) {
    return Arrays.stream(annotation.split("; (?=(enforce|warn|audit): \\[|… and )"))
        .mapToLong(text -> {
          var count = COUNT.matcher(text);
          return count.matches() ? Long.parseLong(count.group(1)) : 1;
        })
        .sum();
  }

  private static void assertLines(Decision.Denied denied) {
    var enforced = denied.stats().findings().stream().filter(Finding::isEnforced).toList();
    var whole =
        enforced.stream()
            .map(finding -> finding.message(FieldPath.ROOT))
            .collect(Collectors.toSet());
    var inTemplate =
        enforced.stream()
            .map(finding -> finding.message(FieldPath.of("spec", "template")))
            .collect(Collectors.toSet());
    var shown = denied.message().lines().filter(line -> line.startsWith("[")).toList();
    assertThat(shown)
        .isNotEmpty()
        .allMatch(line -> whole.contains(line) || inTemplate.contains(line));
    if (shown.size() < enforced.size()) {
      assertThat(denied.message())
          .contains("\n… and " + (enforced.size() - shown.size()) + " more violations\n");
    }
  }

  private static void assertYaml(String message) {
    int yaml = message.indexOf("\nspec:\n");
    if (yaml >= 0) {
      assertThat(new Yaml().<Object>load(message.substring(yaml))).isInstanceOf(Map.class);
    }
  }

  private static int bytes(Collection<String> texts) {
    return texts.stream().mapToInt(AnswerBoundsTest::bytes).sum();
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  private static Decision.Verdict decide(
      Webhook webhook, String profile, String kind, String user, JsonNode object)
      throws ConfigurationException, MalformedReviewException {
    var configuration = ConfigurationLoader.load(PROFILES, "test");
    var review = MAPPER.createObjectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    var request = review.putObject("request").put("uid", "u").put("operation", "CREATE");
    request.put("namespace", "shop").set("object", object);
    request
        .putObject("kind")
        .put("group", kind.equals("Pod") ? "" : "apps")
        .put("version", "v1")
        .put("kind", kind);
    request.putObject("userInfo").put("username", user);
    var decision =
        new AdmissionPipeline(
                () -> configuration,
                InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")),
                CODEC)
            .handle(
                new Route(webhook, profile, PodSecurityLevel.PRIVILEGED),
                CODEC.decode(review.toString().getBytes(UTF_8)));
    assertThat(decision).isInstanceOf(Decision.Verdict.class);
    return (Decision.Verdict) decision;
  }
}
