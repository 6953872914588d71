package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.Command;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlReader;
import dev.gambeson.yaml.YamlWriter;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster that never had Gambeson follows the plan of {@code gambeson adopt}. */
@EndToEnd
class AdoptedClusterTest {
  private static final Logger LOG = LoggerFactory.getLogger(AdoptedClusterTest.class);
  private static final Path MANIFESTS = Path.of("src/test/resources/e2e/before-gambeson.yaml");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KubectlCluster cluster;
  private final Release release;

  @TempDir Path folder;

  AdoptedClusterTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @Test
  void nothingIsRefusedThatRanBeforeAndNoExemptionIsSuperfluous() throws Exception {
    var objects = objects();
    var namespaces =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals("Namespace"))
            .map(object -> object.at("/metadata/name").asText())
            .toList();
    int revision = revision();
    release.configure("enforcement: warn");
    for (var namespace : namespaces) {
      cluster.namespaceOf(namespace);
    }
    cluster.kubectl("apply", "--filename=" + MANIFESTS);
    awaitRollouts(objects);

    var plan = plan();
    ObjectNode configuration = fillIn();
    assertThat(configuration.path("enforcement").asText()).isEqualTo("warn");
    for (var namespace : namespaces) {
      cluster.kubectl("delete", "events", "--all", "--namespace=" + namespace);
    }
    bash(commands(plan, namespaces));
    configuration.put("enforcement", "enforce");

    assertThat(refusals(namespaces)).isEmpty();
    assertThat(namespaces.stream().filter(this::isStrict)).hasSizeGreaterThanOrEqualTo(6);
    awaitRollouts(objects);
    assertThat(refused(objects)).isEmpty();
    assertThat(plan().lines().filter(line -> line.startsWith("adopt-")))
        .describedAs("a second plan")
        .hasSameSizeAs(namespaces)
        .allSatisfy(line -> assertThat(line).contains(", as now"));
    var exemptions = (ArrayNode) configuration.path("exemptions");
    LOG.info("{} exemptions carry {} namespaces", exemptions.size(), namespaces.size());
    assertThat(exemptions).isNotEmpty();
    for (int i = 0; i < exemptions.size(); i++) {
      if (!namespaces.contains(exemptions.path(i).at("/namespaces/0").asText())) {
        continue; // another test's
      }
      ObjectNode without = configuration.deepCopy();
      ((ArrayNode) without.path("exemptions")).remove(i);
      var left = exemptions.path(i).toString();
      release.configure(text(without));
      await()
          .alias("a workload is refused without " + left)
          .atMost(Duration.ofSeconds(30))
          .until(() -> !refused(objects).isEmpty());
      release.configure(text(configuration));
      await().atMost(Duration.ofSeconds(30)).until(() -> refused(objects).isEmpty());
    }

    bash(
        List.of(
            "helm rollback %s %d -n %s --wait"
                .formatted(Release.NAME, revision, Release.NAMESPACE)));
    release.configure("");
  }

  private static List<JsonNode> objects() throws Exception {
    return YamlReader.readAll(Files.readString(MANIFESTS)).stream()
        .map(document -> document.value())
        .toList();
  }

  private void awaitRollouts(List<JsonNode> objects) throws Exception {
    for (var object : objects) {
      var kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
      if (Set.of("deployment", "statefulset", "daemonset").contains(kind)) {
        cluster.awaitRollout(
            object.at("/metadata/namespace").asText(),
            kind + "/" + object.at("/metadata/name").asText());
      }
    }
  }

  /** The plan's text; its files are in the folder. */
  private String plan() throws Exception {
    var words = List.of("./gambeson", "adopt", "--to", folder.resolve("plan").toString());
    var adopted = Command.run(Map.of(), "", words);
    assertThat(adopted.exitCode()).as(adopted.errors()).isZero();
    LOG.info("{}", adopted.output());
    return adopted.output();
  }

  /** The one of the release that is in force. */
  private static int revision() throws Exception {
    var words = List.of("helm", "status", Release.NAME, "-n", Release.NAMESPACE, "-o", "json");
    return MAPPER.readTree(Command.run(Map.of(), "", words).output()).path("version").asInt();
  }

  private ObjectNode fillIn() throws Exception {
    var file = folder.resolve("plan").resolve("config.yaml");
    var filled =
        Files.readString(file)
            .replaceAll("reason: ''.*", "reason: it needs the node")
            .replaceAll("approvedBy: ''.*", "approvedBy: platform@example.com");
    Files.writeString(file, filled);
    return TestYaml.value(filled).deepCopy();
  }

  /** What stands below the header of a configuration. */
  private static String text(JsonNode configuration) {
    ObjectNode body = configuration.deepCopy();
    body.remove(List.of("apiVersion", "kind"));
    return YamlWriter.write(MAPPER.convertValue(body, Object.class));
  }

  /** The commands of the steps, those left out that are for namespaces of other tests. */
  private static List<String> commands(String plan, List<String> namespaces) {
    return plan.lines()
        .dropWhile(line -> !line.equals("Steps"))
        .filter(line -> line.startsWith("      "))
        .map(String::strip)
        .filter(command ->
            !command.startsWith("kubectl") || namespaces.stream().anyMatch(command::contains))
        .toList();
  }

  private void bash(List<String> commands) throws Exception {
    var words = new ArrayList<>(List.of("bash", "-euxc"));
    words.add("gambeson() { ./gambeson \"$@\"; }\n" + String.join("\n", commands));
    var result = Command.run(Map.of(), "", words);
    assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
  }

  private List<String> refusals(List<String> namespaces) {
    return namespaces.stream()
        .flatMap(namespace ->
            cluster.client().v1().events().inNamespace(namespace).list().getItems().stream())
        .filter(event ->
            event.getMessage() != null && event.getMessage().contains("denied the request"))
        .map(event -> event.getMetadata().getNamespace() + ": " + event.getMessage())
        .toList();
  }

  private boolean isStrict(String namespace) {
    var labels = cluster.client().namespaces().withName(namespace).get().getMetadata().getLabels();
    return "strict".equals(labels.get("gambeson.dev/profile"));
  }

  /** The workloads whose pods the webhooks refuse now. */
  private List<String> refused(List<JsonNode> objects) {
    var refused = new ArrayList<String>();
    for (var object : objects) {
      for (var template : List.of("/spec/template", "/spec/jobTemplate/spec/template")) {
        if (!object.at(template).isMissingNode()) {
          ObjectNode pod = object.at(template).deepCopy();
          pod.put("apiVersion", "v1").put("kind", "Pod");
          pod.withObject("/metadata").put("name", "trial");
          try {
            cluster.dryRun(
                object.at("/metadata/namespace").asText(), MAPPER.convertValue(pod, Pod.class));
          } catch (KubernetesClientException e) {
            refused.add(object.at("/metadata/name").asText() + ": " + e.getMessage());
          }
        }
      }
    }
    return refused;
  }
}
