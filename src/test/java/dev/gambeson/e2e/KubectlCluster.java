package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.Command;
import dev.gambeson.admission.AppliedAnnotation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cluster with a real node, as a person uses it: by kubectl. */
final class KubectlCluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The image of the tests' pods: a busybox whose user is not root. */
  static final String IMAGE = "busybox:nonroot";

  /** What an earlier run has left may still be on its way out. */
  private final String prefix = "e2e-" + Long.toString(System.currentTimeMillis() / 1000, 36) + "-";

  private final AtomicInteger number = new AtomicInteger();
  private final List<String> namespaces = new ArrayList<>();
  private final KubernetesClient client;

  private KubectlCluster(Config config) {
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /**
   * The cluster that kubectl talks to.
   *
   * @param kubeconfig null where nobody says so
   */
  static KubectlCluster of(@Nullable String kubeconfig) {
    if (kubeconfig == null) {
      throw new IllegalStateException(
          "KUBECONFIG names no cluster: e2e/cluster makes one, and e2e/test runs these tests in it");
    }
    // No second try hides a request that is lost.
    return new KubectlCluster(
        new ConfigBuilder(Config.fromKubeconfig(Path.of(kubeconfig).toFile()))
            .withRequestRetryBackoffLimit(0)
            .build());
  }

  KubernetesClient client() {
    return client;
  }

  /** Runs kubectl, whatever comes of it. */
  Command.Result tryKubectl(String... words) throws IOException, InterruptedException {
    return run("", words);
  }

  /** Runs kubectl where it must succeed, and returns what it printed. */
  String kubectl(String... words) throws IOException, InterruptedException {
    return succeed(tryKubectl(words), words);
  }

  /** Applies YAML, and returns what kubectl said of it, warnings included. */
  String apply(String namespace, String yaml) throws IOException, InterruptedException {
    var result = tryToApply(namespace, yaml);
    return succeed(result, "apply") + result.errors();
  }

  /** Applies YAML, whatever comes of it. */
  Command.Result tryToApply(String namespace, String yaml)
      throws IOException, InterruptedException {
    return run(yaml, "apply", "--namespace=" + namespace, "--filename=-");
  }

  /** Applies YAML as a GitOps tool does. */
  void applyServerSide(String yaml) throws IOException, InterruptedException {
    var words =
        new String[] {
          "apply", "--server-side", "--force-conflicts", "--field-manager=gitops", "--filename=-"
        };
    succeed(run(yaml, words), words);
  }

  /** Runs a command in the first container of a pod, whatever comes of it. */
  Command.Result exec(String namespace, String pod, String... words)
      throws IOException, InterruptedException {
    var exec = Stream.of("exec", "--namespace=" + namespace, pod, "--");
    return tryKubectl(Stream.concat(exec, Stream.of(words)).toArray(String[]::new));
  }

  /** What {@code kubectl describe} prints of the objects of a kind, events included. */
  String describe(String namespace, String kind) throws IOException, InterruptedException {
    var described = new StringBuilder();
    for (var name :
        kubectl("get", kind, "--namespace=" + namespace, "--output=name").lines().toList()) {
      described.append(kubectl("describe", name, "--namespace=" + namespace));
    }
    return described.toString();
  }

  /** Waits until every replica of a workload is up to date and available. */
  void awaitRollout(String namespace, String workload) throws IOException, InterruptedException {
    var result =
        tryKubectl(
            "rollout",
            "status",
            workload,
            "--namespace=" + namespace,
            "--timeout=%ds".formatted(PATIENCE.toSeconds()));
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "%s: %s%s".formatted(workload, result.errors(), describe(namespace, "pods")));
    }
  }

  /** Waits until a pod is ready. */
  void awaitReady(String namespace, String name) throws IOException, InterruptedException {
    kubectl(
        "wait",
        "--for=condition=Ready",
        "pod/" + name,
        "--namespace=" + namespace,
        "--timeout=%ds".formatted(PATIENCE.toSeconds()));
  }

  /**
   * Creates a namespace that is deleted after the tests of the class.
   *
   * @param labels {@code key=value}
   */
  String namespace(String... labels) throws IOException, InterruptedException {
    return namespaceOf(prefix + number.incrementAndGet(), labels);
  }

  /** Creates a namespace of that name that is deleted after the tests of the class. */
  String namespaceOf(String name, String... labels) throws IOException, InterruptedException {
    kubectl("create", "namespace", name);
    namespaces.add(name);
    for (var label : labels) {
      kubectl("label", "namespace", name, label);
    }
    return name;
  }

  /** A pod with one container, of which nothing is said but the image. */
  static PodBuilder pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("web")
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage(IMAGE)
        .endContainer()
        .endSpec();
  }

  /** What would become of that pod. */
  Pod dryRun(String namespace, Pod pod) {
    return client.pods().inNamespace(namespace).resource(pod).dryRun(true).create();
  }

  /** Waits until each replica makes of that pod what it should. */
  void awaitVerdict(String namespace, Pod pod, Predicate<Pod> wanted) {
    await()
        .atMost(PATIENCE)
        .during(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          try {
            assertThat(dryRun(namespace, pod)).matches(wanted, "what is awaited");
          } catch (KubernetesClientException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Whether a fix of Gambeson changed the pod. */
  static boolean isFixed(Pod pod) {
    return applied(pod).isPresent();
  }

  /** The rules whose fixes changed the pod, as its annotation names them. */
  static Optional<String> applied(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(AppliedAnnotation.NAME));
  }

  /** A pod as it is now. */
  Pod pod(String namespace, String name) {
    return client.pods().inNamespace(namespace).withName(name).require();
  }

  /** The pods of a namespace with a label, those that are about to go left out. */
  List<Pod> pods(String namespace, String key, String value) {
    return client.pods().inNamespace(namespace).withLabel(key, value).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static Command.Result run(String input, String... words)
      throws IOException, InterruptedException {
    return Command.run(
        Map.of(), input, Stream.concat(Stream.of("kubectl"), Stream.of(words)).toList());
  }

  private static String succeed(Command.Result result, String... words) {
    assertThat(result.exitCode())
        .as(() -> "kubectl %s: %s".formatted(String.join(" ", words), result.errors()))
        .isZero();
    return result.output();
  }

  /** Deletes the namespaces that there are, so that the node has room for the next tests. */
  void deleteNamespaces() {
    namespaces.forEach(name -> client.namespaces().withName(name).delete());
    namespaces.clear();
  }

  @Override
  public void close() {
    deleteNamespaces();
    client.close();
  }
}
