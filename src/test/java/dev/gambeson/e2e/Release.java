package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gambeson.Command;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gambeson, installed by the real Helm with the commands of the README. */
final class Release implements AutoCloseable {
  static final String NAME = "gambeson";
  static final String NAMESPACE = "gambeson-system";

  private static final Logger LOG = LoggerFactory.getLogger(Release.class);
  private static final Pattern INSTALL =
      Pattern.compile("## Install it\n.*?```sh\n(helm install .*?)```", Pattern.DOTALL);
  private static final String REPOSITORY = "registry.example.com/gambeson";
  private static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      """;

  private final KubectlCluster cluster;
  private boolean installed;

  Release(KubectlCluster cluster) {
    this.cluster = cluster;
  }

  /** Follows the README, unless it was followed. */
  void install() throws IOException, InterruptedException {
    if (installed) {
      return;
    }
    var commands = INSTALL.matcher(Files.readString(Path.of("README.md")));
    assertThat(commands.find()).as("commands under \"Install it\" in README.md").isTrue();
    var start = Instant.now();
    installed = true;
    bash(withImage(commands.group(1)));
    LOG.info("installed and tested after {}", Duration.between(start, Instant.now()));
  }

  /** The image is where this cluster has it. */
  private static String withImage(String commands) {
    var image = System.getProperty("gambeson.image", "");
    var colon = image.lastIndexOf(':');
    return image.isEmpty()
        ? commands.replace(REPOSITORY, NAME)
        : commands
            .replace(REPOSITORY, image.substring(0, colon))
            .replaceFirst("image[.]tag=\\S+", "image.tag=" + image.substring(colon + 1));
  }

  /** {@code helm upgrade} with values, the former ones kept, until all replicas are new. */
  void upgrade(String... values) throws IOException, InterruptedException {
    helm(
        Stream.concat(
            Stream.of("upgrade", NAME, "charts/gambeson", "--reuse-values", "--wait"),
            Stream.of(values)));
  }

  /** {@code helm uninstall}. */
  void uninstall() throws IOException, InterruptedException {
    helm(Stream.of("uninstall", NAME, "--wait"));
    installed = false;
  }

  /** What {@code helm template} prints for the installed release with other values. */
  String template(String... values) throws IOException, InterruptedException {
    return helm(Stream.concat(Stream.of("template", NAME, "charts/gambeson"), Stream.of(values)));
  }

  private static String helm(Stream<String> words) throws IOException, InterruptedException {
    var all =
        Stream.concat(
                Stream.concat(Stream.of("helm"), words), Stream.of("--namespace=" + NAMESPACE))
            .toList();
    return succeed(all, Command.run(Map.of(), "", all));
  }

  private static void bash(String commands) throws IOException, InterruptedException {
    var words = List.of("bash", "-euxc", commands);
    succeed(words, Command.run(Map.of(), "", words));
  }

  private static String succeed(List<String> words, Command.Result result) {
    assertThat(result.exitCode())
        .as(() -> String.join(" ", words) + ": " + result.output() + result.errors())
        .isZero();
    return result.output();
  }

  /**
   * Writes the configuration into its ConfigMap, whatever comes of it.
   *
   * @param text what stands below {@code kind: GambesonConfig}
   */
  Command.Result tryToConfigure(String text) throws IOException, InterruptedException {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("data").put("gambeson.yaml", CONFIGURATION + text);
    return cluster.tryKubectl(
        "patch", "configmap", NAME, "--namespace=" + NAMESPACE, "--type=merge", "--patch=" + patch);
  }

  /** Writes the configuration where it must be taken. */
  void configure(String text) throws IOException, InterruptedException {
    var result = tryToConfigure(text);
    assertThat(result.exitCode()).as(result.errors()).isZero();
  }

  /** The replicas that there are. */
  List<Pod> replicas() {
    return cluster.pods(NAMESPACE, "app.kubernetes.io/component", "webhook");
  }

  /** Ends replicas that would serve on as long as the API server keeps connections to them. */
  void endAtOnce() throws IOException, InterruptedException {
    cluster.kubectl(
        "delete",
        "pods",
        "--namespace=" + NAMESPACE,
        "--selector=app.kubernetes.io/component=webhook",
        "--grace-period=1");
  }

  /** The image of the replicas. */
  String image() {
    return replicas().getFirst().getSpec().getContainers().getFirst().getImage();
  }

  /** Sets the number of replicas, and waits until that many are there and ready. */
  void scale(int replicas) throws IOException, InterruptedException {
    cluster.kubectl(
        "scale", "deployment", NAME, "--namespace=" + NAMESPACE, "--replicas=" + replicas);
    cluster.awaitRollout(NAMESPACE, "deployment/" + NAME);
  }

  /** The {@code caBundle} of every entry of both webhook configurations. */
  List<String> caBundles() {
    var api = cluster.client().admissionRegistration().v1();
    var label = "app.kubernetes.io/instance";
    return Stream.concat(
            api.mutatingWebhookConfigurations().withLabel(label, NAME).list().getItems().stream()
                .flatMap(configuration -> configuration.getWebhooks().stream())
                .map(webhook -> webhook.getClientConfig().getCaBundle()),
            api.validatingWebhookConfigurations().withLabel(label, NAME).list().getItems().stream()
                .flatMap(configuration -> configuration.getWebhooks().stream())
                .map(webhook -> webhook.getClientConfig().getCaBundle()))
        .toList();
  }

  /** Deletes both webhook configurations, by the command for a bad day. */
  void deleteWebhooks() throws IOException, InterruptedException {
    cluster.kubectl(
        "delete",
        "mutatingwebhookconfiguration,validatingwebhookconfiguration",
        "--selector=app.kubernetes.io/instance=" + NAME);
  }

  @Override
  public void close() throws IOException {
    try {
      if (installed) {
        uninstall();
      }
      cluster.client().namespaces().withName(NAMESPACE).delete();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
