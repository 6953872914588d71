package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationLoader;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * LimitRanger runs before the webhooks and again after them: what was filled into a container that
 * came in between must not collide with what it gives that container then.
 */
@ExtendWith(ClusterExtension.class)
class LimitRangesTest {
  private static final String INJECTED = "test.gambeson.dev/container";
  private static final String SEEN = "/metadata/annotations/kubernetes.io~1limit-ranger";

  /** Adds an init container without resources, before any webhook is called. */
  private static final String OTHER_INJECTOR =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicy
      metadata: {name: test-injector}
      spec:
        matchConstraints:
          namespaceSelector: {matchLabels: {%s: wanted}}
          resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
        matchConditions: [{name: once, expression: "!has(object.spec.initContainers)"}]
        failurePolicy: Fail
        reinvocationPolicy: IfNeeded
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: >-
              Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: "setup", image: "setup:1"}]}}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicyBinding
      metadata: {name: test-injector}
      spec: {policyName: test-injector}
      """
          .formatted(INJECTED);

  private static final String SIDECAR =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        standard:
          rules:
            Sidecars:
              sidecars:
                shipper: {pods: {}, container: {image: "shipper:1"}, sharedFolders: [/var/log/app]}
      """;

  private static final String SMALL_DEFAULTS =
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: defaults}
      spec:
        limits:
        - type: Container
          default: {cpu: 60m, memory: 96Mi}
          defaultRequest: {cpu: 20m, memory: 48Mi}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: quota}
      spec: {hard: {requests.cpu: "4", requests.memory: 4Gi, limits.cpu: "4", limits.memory: 4Gi}}
      """;

  private static final String MINIMUM =
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: minimum}
      spec:
        limits:
        - {type: Container, min: {memory: 200Mi}, default: {memory: 400Mi}, defaultRequest: {memory: 200Mi}}
      """;

  private final Cluster cluster;

  LimitRangesTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  static void installOtherInjector(Cluster cluster) throws Exception {
    cluster.kubectl().succeed(OTHER_INJECTOR, "create", "--filename=-");
  }

  @AfterEach
  void restoreConfiguration() {
    cluster.configure(cluster.configuration());
  }

  static Stream<Named<String>> limitRanges() {
    return Stream.of(
        Named.of("defaults below what is filled in", SMALL_DEFAULTS),
        Named.of("a minimum above it", MINIMUM));
  }

  @ParameterizedTest
  @MethodSource("limitRanges")
  void aContainerOfAnotherInjectorIsLeftToIt(String limitRange) throws Exception {
    var namespace = namespace(limitRange, Map.of(INJECTED, "wanted"));
    await("the other injector")
        .atMost(Cluster.PATIENCE)
        .until(() -> !dryRun(namespace).at("/spec/initContainers/0").isMissingNode());
    var without = dryRun(namespace);

    cluster.register(namespace, Registered.BY_URL);

    assertLeft(container(without, "web"), container(fixed(namespace), "web"));
    assertLeft(container(without, "setup"), container(fixed(namespace), "setup"));
  }

  @ParameterizedTest
  @MethodSource("limitRanges")
  void aSidecarOfItsOwnIsLeftToIt(String limitRange) throws Exception {
    cluster.configure(ConfigurationLoader.load(SIDECAR, "sidecar"));
    var namespace = namespace(limitRange, Map.of());
    var without = container(dryRun(namespace), "web");

    cluster.register(namespace, Registered.BY_URL);

    assertLeft(without, container(fixed(namespace), "web"));
    assertLeft(without, container(fixed(namespace), "shipper"));
  }

  /** A namespace with a LimitRange that is in force, to which no webhook is registered yet. */
  private String namespace(String limitRange, Map<String, String> labels) throws Exception {
    var namespace = cluster.namespace(Registered.NOT, labels);
    cluster.kubectl().succeed(limitRange, "create", "--filename=-", "--namespace=" + namespace);
    await("the LimitRange")
        .atMost(Cluster.PATIENCE)
        .until(() -> dryRun(namespace).at(SEEN).isTextual());
    return namespace;
  }

  private JsonNode dryRun(String namespace) throws Exception {
    return cluster.pods().dryRun(namespace, Pods.plain("web")).body();
  }

  private JsonNode fixed(String namespace) throws Exception {
    var answer = cluster.pods().dryRun(namespace, Pods.plain("web"));
    assertThat(answer.message()).isEmpty();
    return answer.body();
  }

  private static JsonNode container(JsonNode pod, String name) {
    return Stream.of("initContainers", "containers")
        .flatMap(list -> pod.path("spec").path(list).valueStream())
        .filter(container -> container.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no container " + name + " in " + pod));
  }

  /** What LimitRanger gives is as it is without Gambeson; the rest is filled in. */
  private static void assertLeft(JsonNode without, JsonNode with) {
    var given = without.path("resources");
    var requests = with.at("/resources/requests");
    assertThat(with.at("/resources/limits")).isEqualTo(given.path("limits"));
    assertThat(requests.path("memory")).isEqualTo(given.at("/requests/memory"));
    assertThat(requests.path("cpu").asText()).isEqualTo(given.at("/requests/cpu").asText("100m"));
  }
}
