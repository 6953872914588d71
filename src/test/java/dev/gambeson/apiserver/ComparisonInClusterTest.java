package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.cli.Invocation;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.report.ReportSchema;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons over a live cluster foretell what it does next. */
@ExtendWith(ClusterExtension.class)
class ComparisonInClusterTest {
  private static final String PLAIN = "containers: [{name: web, image: nginx}]";
  private static final String ROOT =
      "containers: [{name: web, image: nginx, securityContext: {runAsUser: 0}}]";

  private static final ReportSchema SCHEMA = ReportSchema.of("comparison.schema.json");

  private final Cluster cluster;

  @TempDir Path folder;

  ComparisonInClusterTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void asInstalled() {
    cluster.configure(cluster.configuration());
  }

  @Test
  void eachFieldHasTheValueThatTheOtherProfileGivesIt() throws Exception {
    var namespace = cluster.namespace("standard", Registered.BY_URL);
    create(namespace, Workload.Deployment.yaml(PLAIN));
    create(namespace, Workload.StatefulSet.yaml(ROOT).replace("name: web}\n", "name: root}\n"));
    var before = recreated(namespace);

    var comparison = review("--compare", "standard", "strict", "-n", namespace);

    var changes = comparison.json().path("changes");
    assertThat(changes).hasSize(2);
    var web = changes.path(0);
    assertThat(web.path("newlyRefused")).isEmpty();
    assertThat(web.path("fields")).hasSizeGreaterThan(5);
    assertThat(changes.path(1).path("object").asText()).endsWith("/root");
    assertThat(changes.path(1).path("newlyRefused").toString())
        .contains("[RunAsNonRoot]", "[RunAsUser]");

    profile(namespace, "strict");
    var after = recreated(namespace);
    for (var field : web.path("fields")) {
      requireValue(before, field, "before");
      requireValue(after, field, "after");
    }
    var root =
        Pods.pod(Workload.StatefulSet.yaml(ROOT)).at("/spec/template").<ObjectNode>deepCopy();
    root.put("apiVersion", "v1").put("kind", "Pod").withObject("/metadata").put("name", "root");
    assertThat(cluster.pods().dryRun(namespace, root).message())
        .contains("[RunAsNonRoot]", "[RunAsUser]");
  }

  @Test
  void twoConfigurationsAreComparedOverACluster() throws Exception {
    var namespace = cluster.namespace("standard", Registered.BY_URL);
    var strict = cluster.namespace("strict", Registered.BY_URL);
    for (var each : List.of(namespace, strict)) {
      create(each, Workload.Deployment.yaml(PLAIN).replace("{selector", "{replicas: 3, selector"));
    }
    var before = recreated(namespace);
    var next =
        TestProfiles.CONFIGURATION.replaceFirst(
            "profiles:\n",
            """
            profiles:
              standard: {rules: {Resources: {requests: {cpu: 250m}}, Timezone: {zone: Asia/Tokyo}}}
              strict: {rules: {Resources: {requests: {cpu: 100m}}, Timezone: {zone: Etc/UTC}}}
            """);

    var comparison = difference(next, "-n", namespace);

    assertThat(comparison.exitCode()).as(comparison.err()).isZero();
    var change = comparison.json().path("changes");
    assertThat(change).hasSize(1);
    assertThat(change.at("/0/fixedOtherwise").valueStream().map(JsonNode::asText))
        .containsExactly("Resources (scheduling)", "Timezone (safe)");
    assertThat(comparison.json().at("/added/0/resource").asText()).isEqualTo("requests.cpu");
    assertThat(comparison.json().at("/added/0/amount").asText()).isEqualTo("0.45");
    assertThat(difference(next, "-A").json().path("changes").toString())
        .contains("Deployment " + namespace + "/web")
        .contains("Deployment " + strict + "/web");

    cluster.configure(ConfigurationLoader.load(next, "the configuration to come"));
    var after = recreated(namespace);
    for (var field : change.at("/0/fields")) {
      requireValue(before, field, "before");
      requireValue(after, field, "after");
    }
  }

  private Invocation difference(String next, String... arguments) throws Exception {
    var words =
        new ArrayList<>(
            List.of(
                "config",
                "diff",
                config(),
                Files.writeString(folder.resolve("new.yaml"), next).toString(),
                "--json",
                "--cluster",
                "--kubeconfig",
                cluster.apiServer().kubeconfig().toString()));
    Collections.addAll(words, arguments);
    return described(words);
  }

  private Invocation review(String... arguments) throws Exception {
    var words =
        new ArrayList<>(
            List.of(
                "review",
                "--cluster",
                "--output=json",
                "--config",
                config(),
                "--kubeconfig",
                cluster.apiServer().kubeconfig().toString()));
    Collections.addAll(words, arguments);
    return described(words);
  }

  private static Invocation described(List<String> words) throws Exception {
    var invocation = Invocation.of(words.toArray(String[]::new));
    assertThat(invocation.err()).doesNotContain("Exception");
    SCHEMA.requireDescribed(invocation.json());
    return invocation;
  }

  private String config() throws Exception {
    return Files.writeString(folder.resolve("config.yaml"), TestProfiles.CONFIGURATION).toString();
  }

  private void create(String namespace, String yaml) {
    cluster.client().resource(yaml).inNamespace(namespace).create();
  }

  private void profile(String namespace, String profile) {
    cluster
        .client()
        .namespaces()
        .withName(namespace)
        .edit(other ->
            new NamespaceBuilder(other)
                .editMetadata()
                .addToLabels(Webhooks.PROFILE, profile)
                .endMetadata()
                .build());
    await("the entries of " + profile)
        .atMost(Cluster.PATIENCE)
        .until(() ->
            cluster
                .pods()
                .dryRun(namespace, Pods.plain("probe"))
                .body()
                .at("/spec/containers/0/securityContext/readOnlyRootFilesystem")
                .asBoolean());
  }

  /** A pod of the Deployment, once those that were there are gone. */
  private JsonNode recreated(String namespace) throws Exception {
    for (var pod : pods(namespace)) {
      cluster
          .client()
          .pods()
          .inNamespace(namespace)
          .withName(pod.at("/metadata/name").asText())
          .withGracePeriod(0)
          .delete();
    }
    return await("a pod of the Deployment")
        .atMost(Cluster.PATIENCE)
        .until(
            () ->
                pods(namespace).stream()
                    .filter(pod -> !pod.at("/metadata").has("deletionTimestamp"))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private List<JsonNode> pods(String namespace) throws Exception {
    var list =
        Pods.json(cluster.kubectl().succeed("", "get", "pods", "-n", namespace, "--output=json"));
    return list.path("items")
        .valueStream()
        .filter(pod -> pod.at("/metadata/ownerReferences/0/kind").asText().equals("ReplicaSet"))
        .toList();
  }

  /** Requires that a pod has a field of a template; an element of a list may stand elsewhere. */
  private static void requireValue(JsonNode pod, JsonNode field, String which) {
    var path = field.path("path").asText().replaceFirst("^spec[.]template[.]", "");
    var pointer = "/" + path.replaceAll("\\[([0-9]+)]", "/$1").replace(".", "/");
    var wanted = field.path(which);
    var list = pointer.replaceFirst("/[0-9]+$", "");
    if (list.equals(pointer)) {
      var found = pod.at(pointer);
      assertThat(found.isMissingNode() ? null : found)
          .as(path)
          .isEqualTo(wanted.isNull() ? null : wanted);
    } else if (!wanted.isNull()) {
      assertThat(pod.at(list)).as(path).contains(wanted);
    }
  }
}
