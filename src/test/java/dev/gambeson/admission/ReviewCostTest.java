package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a review costs grows no faster than the pod, with every rule on: one that is four times as
 * long takes at most little more than four times the memory. Twice as long would not do: buffers
 * grow in steps. {@code target/review-cost.md} then has a table of all shapes.
 */
class ReviewCostTest {
  private static final double MOST = 4.8;
  private static final int RUNS = 3;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Configuration CONFIGURATION = EveryRule.configuration();
  private static final AdmissionPipeline PIPELINE = pipeline(CONFIGURATION);

  /** What is audited comes after what is applied, in the same pod. */
  private static final AdmissionPipeline INJECTIONS_AUDITED =
      pipeline(EveryRule.injectionsAudited());

  private static final String TOKEN_MOUNT =
      "{'name':'kube-api-access-abcde',"
          + "'mountPath':'/var/run/secrets/kubernetes.io/serviceaccount'},";

  private static final List<String> TABLE = new ArrayList<>();

  private static AdmissionPipeline pipeline(Configuration configuration) {
    return new AdmissionPipeline(
        () -> configuration, InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")), CODEC);
  }

  /**
   * A pod that can be made long.
   *
   * @param name what of it is long
   * @param n how long it is at first
   * @param pod with {@code @} where its elements stand
   * @param element with {@code #} for its number
   * @param separator of two elements
   */
  record Shape(String name, int n, String pod, String element, String separator) {
    String pod(int count) {
      var elements =
          IntStream.range(0, count)
              .mapToObj(i -> element.replace("#", Integer.toString(i)))
              .collect(Collectors.joining(separator));
      return pod.replace("@", elements).replace('\'', '"');
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Shape spec(int n, String fields, String element) {
    return new Shape(
        fields,
        n,
        "{'metadata':{'name':'web'},'spec':{'containers':[{'name':'web','image':'nginx'}],"
            + fields
            + "}}",
        element,
        ",");
  }

  private static Shape container(int n, String fields, String element) {
    return new Shape(
        fields,
        n,
        "{'metadata':{'name':'web'},'spec':{'containers':[{'name':'web','image':'nginx',"
            + fields
            + "}]}}",
        element,
        ",");
  }

  private static Shape metadata(int n, String fields, String element) {
    return new Shape(
        fields,
        n,
        "{'metadata':{" + fields + "},'spec':{'containers':[{'name':'web','image':'nginx'}]}}",
        element,
        ",");
  }

  private static Shape text(String name, String element) {
    return new Shape(
        name,
        100_000,
        "{'metadata':{'name':'web'},'spec':{'containers':[{'name':'web','image':'nginx',"
            + "'env':[{'name':'TOKEN','value':'@'}]}]}}",
        element,
        "");
  }

  static Stream<Shape> shapes() {
    return Stream.of(
        spec(120, "'initContainers':[@]", "{'name':'c#','image':'nginx'}"),
        spec(
            120,
            "'initContainers':[@] ",
            "{'name':'c#','image':'nginx','securityContext':{'privileged':true,'runAsUser':0,"
                + "'procMount':'Unmasked','capabilities':{'add':['SYS_ADMIN']}},"
                + "'ports':[{'containerPort':80,'hostPort':80}],"
                + "'volumeMounts':[{'name':'v','mountPath':'/v'}],"
                + "'resources':{'limits':{'cpu':'1e3','memory':'1Gi'}}}"),
        spec(
            120,
            "'volumes':[{'name':'kube-api-access-abcde','projected':{'sources':["
                + "{'serviceAccountToken':{'path':'token'}},{'configMap':{'name':'kube-root-ca.crt'}},"
                + "{'downwardAPI':{}}]}}],'initContainers':[@]",
            "{'name':'c#','image':'nginx','env':[{'name':'X','value':'y'}],'volumeMounts':["
                + TOKEN_MOUNT.repeat(9)
                + "{'name':'v','mountPath':'/v'}]}"),
        spec(120, "'ephemeralContainers':[@]", "{'name':'c#','image':'nginx'}"),
        spec(250, "'volumes':[@]", "{'name':'v#','hostPath':{'path':'/v/#'}}"),
        spec(250, "'volumes':[@] ", "{'name':'v#','emptyDir':{}}"),
        spec(6_000, "'volumes':[{'name':'v','projected':{'sources':[@]}}]", "{'secret':{}}"),
        spec(12_000, "'volumes':[{'name':'v','configMap':{'items':[@]}}]", "{}"),
        spec(250, "'tolerations':[@]", "{'key':'k#','operator':'Exists'}"),
        spec(12_000, "'topologySpreadConstraints':[@]", "{'topologyKey':'k#'}"),
        spec(7_000, "'securityContext':{'sysctls':[@]}", "{'name':'a.b#','value':'1'}"),
        spec(45_000, "'securityContext':{'supplementalGroups':[@]}", "#"),
        spec(12_000, "'hostAliases':[@]", "{'ip':'10.0.0.#'}"),
        spec(12_000, "'imagePullSecrets':[@]", "{'name':'s#'}"),
        spec(12_000, "'resourceClaims':[@]", "{'name':'c#'}"),
        spec(12_000, "'schedulingGates':[@]", "{'name':'a.b/c#'}"),
        spec(12_000, "'readinessGates':[@]", "{'conditionType':'c#'}"),
        spec(14_000, "'nodeSelector':{@}", "'k#':'v'"),
        spec(
            4_500,
            "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
                + "{'nodeSelectorTerms':[@]}}}",
            "{'matchExpressions':[{'key':'k#','operator':'Exists'}]}"),
        spec(
            4_500,
            "'affinity':{'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[@]}}",
            "{'weight':1,'podAffinityTerm':{'topologyKey':'k#'}}"),
        container(2_500, "'volumeMounts':[@]", "{'name':'v#','mountPath':'/m/#'}"),
        container(2_500, "'volumeDevices':[@]", "{'name':'v#','devicePath':'/m/#'}"),
        container(5_000, "'env':[@]", "{'name':'PASSWORD_#','value':'hunter#'}"),
        container(5_000, "'envFrom':[@]", "{'configMapRef':{'name':'m#'}}"),
        container(2_500, "'args':[@]", "'--password=#'"),
        container(7_000, "'ports':[@]", "{'containerPort':#,'hostPort':1}"),
        container(45_000, "'securityContext':{'capabilities':{'add':[@]}}", "'C#'"),
        container(45_000, "'securityContext':{'capabilities':{'drop':[@]}}", "'C#'"),
        container(14_000, "'resources':{'limits':{@}}", "'example.com/r#':'1'"),
        container(12_000, "'resources':{'claims':[@]}", "{'name':'c#'}"),
        metadata(14_000, "'labels':{@}", "'k#':'v'"),
        metadata(14_000, "'annotations':{@}", "'k#':'v'"),
        metadata(4_500, "'ownerReferences':[@]", "{'kind':'Job','name':'j#','controller':true}"),
        metadata(45_000, "'finalizers':[@]", "'a.b/c#'"),
        metadata(4_000, "'managedFields':[@]", "{'manager':'m#','fieldsV1':{'f:x':{}}}"),
        spec(12_000, "'unknown':{@}", "'f#':[{}]"),
        spec(250, "'unknown':[@]", "{'a':".repeat(150) + "1" + "}".repeat(150)),
        text("a long value", "x"),
        text("a long value, two bytes a character", "é"),
        text("a long value, three bytes a character", "丁"),
        text("a long value of escapes", "\\u0001"),
        new Shape(
            "a long name",
            262_144,
            "{'metadata':{'labels':{'@':'v'}},'spec':{'containers':[{'name':'a','image':'b'}]}}",
            "x",
            ""),
        new Shape(
            "a long image",
            50_000,
            "{'metadata':{},'spec':{'containers':[{'name':'a','image':'b@'}]}}",
            "/c",
            ""),
        spec(300_000, "'tolerations':[@] ", "{}"),
        spec(300_000, "'unknown':[@] ", "[]"));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void fourTimesThePodTakesFourTimesTheMemory(Shape shape) throws Exception {
    long small = allocated(review(shape.pod(shape.n())));
    var body = review(shape.pod(4 * shape.n()));
    long large = allocated(body);
    long start = THREADS.getCurrentThreadCpuTime();
    review(body);
    TABLE.add(
        "| %s | %,d | %,d | %d |"
            .formatted(
                shape.name().replace('\'', '`'),
                body.length,
                large,
                (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000));

    assertThat((double) large / small).isLessThan(MOST);
  }

  @AfterAll
  static void writeTable() throws IOException {
    TABLE.addFirst(
        """
        | long | bytes of the review | bytes allocated for the verdicts | CPU, ms |
        | --- | --- | --- | --- |\
        """);
    Files.write(Path.of("target/review-cost.md"), TABLE);
  }

  /** The least of some runs: the compiler changes what is allocated. */
  private static long allocated(byte[] body) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      review(body);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  /** Fixes the pod and judges it, and fixes it again where injections are only audited. */
  private static void review(byte[] body) throws Exception {
    for (var webhook : List.of(Webhook.MUTATE, Webhook.VALIDATE)) {
      var request = CODEC.decode(body);
      var decision =
          PIPELINE.handle(new Route(webhook, null, PodSecurityLevel.PRIVILEGED), request);
      CODEC.encode(request.uid(), (Decision.Verdict) decision);
    }
    INJECTIONS_AUDITED.handle(
        new Route(Webhook.MUTATE, null, PodSecurityLevel.PRIVILEGED), CODEC.decode(body));
  }

  private static byte[] review(String pod) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",\
    "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE",\
    "namespace":"shop","object":%s}}\
    """
        .formatted(pod)
        .getBytes(StandardCharsets.UTF_8);
  }
}
