package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.charts.Chart;
import dev.gambeson.cluster.ClusterAccess;
import dev.gambeson.cluster.HelmRelease;
import dev.gambeson.cluster.NoReleaseException;
import dev.gambeson.cluster.ReleaseConfiguration;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.config.ConfigurationLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who reviews manifests finds the configuration of the release. */
@ExtendWith(ClusterExtension.class)
class ReleaseConfigurationTest {
  private final Cluster cluster;

  @TempDir Path folder;

  ReleaseConfigurationTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void removeOtherReleases() {
    cluster
        .client()
        .configMaps()
        .inAnyNamespace()
        .withLabel("app.kubernetes.io/name", "gambeson")
        .delete();
  }

  @Test
  void theReleaseIsFoundByTheLabelsOfTheChart() throws Exception {
    // The dashboard is a ConfigMap of the chart too.
    var namespace =
        install(
            "timezone: Asia/Shanghai, metrics: {dashboard: {enabled: true}}, fullnameOverride: g");

    var release = read(null, null);

    assertThat(release.source()).isEqualTo("ConfigMap " + namespace + "/g");
    assertThat(ConfigurationLoader.load(release.text(), release.source()).profiles())
        .containsKey("standard");
    assertThat(release.text()).contains("Asia/Shanghai");
  }

  @Test
  void ofSeveralReleasesOneIsChosenByName() throws Exception {
    var one = install("timezone: Asia/Shanghai");
    var other = install("timezone: Europe/Paris");

    assertThatThrownBy(() -> read(null, null))
        .isInstanceOf(UnreadableClusterException.class)
        .hasMessageContaining("several releases")
        .hasMessageContaining(one + "/gambeson, " + other + "/gambeson");
    assertThat(read(null, other + "/gambeson").text()).contains("Europe/Paris");
    assertThatThrownBy(() -> read(null, other + "/missing"))
        .hasMessageContaining("the ConfigMap " + other + "/missing")
        .hasMessageContaining("does not exist");
  }

  /** The cluster of the tests has such webhooks. */
  @Test
  void webhooksWithoutAConfigurationAreNoClusterWithoutARelease() {
    assertThatThrownBy(() -> read(null, null))
        .isInstanceOf(UnreadableClusterException.class)
        .isNotInstanceOf(NoReleaseException.class)
        .hasMessageContaining(
            "webhooks of Gambeson are registered for the Service default/gambeson")
        .hasMessageContaining("--config-map names another one");
  }

  @Test
  void aReleaseWithOtherLabelsIsFoundByItsWebhooks() throws Exception {
    var namespace = install("timezone: Europe/Paris, nameOverride: padding");
    register(namespace, "gambeson-padding");
    try {
      var release = read(null, null);

      assertThat(release.text()).contains("Europe/Paris");
      assertThat(release.release()).isEqualTo(new HelmRelease("gambeson", namespace));
    } finally {
      unregister(namespace);
    }
  }

  @Test
  void aContextThatDoesNotExistIsNotTheCurrentOne() {
    assertThatThrownBy(() -> read("nowhere", null))
        .isInstanceOf(UnreadableClusterException.class)
        .hasMessageContaining("there is no context \"nowhere\" in the kubeconfig; there are ");
  }

  @Test
  void whoMayReadOneConfigMapNamesIt() throws Exception {
    var namespace = install("timezone: Europe/Paris");
    var token =
        cluster.kubectl().succeed("", "create", "token", "default", "-n", namespace).strip();
    var kubeconfig = kubeconfig(token);
    var named = namespace + "/gambeson";
    var access = new ClusterAccess(kubeconfig, null);

    assertThatThrownBy(() -> ReleaseConfiguration.read(new ClusterAccess(kubeconfig, null), null))
        .hasMessageContaining("configmaps is forbidden")
        .hasMessageContaining("--config-map");
    cluster
        .kubectl()
        .succeed(
            "",
            "create",
            "role",
            "r",
            "--verb=get",
            "--resource=configmaps",
            "--resource-name=gambeson",
            "-n",
            namespace);
    cluster
        .kubectl()
        .succeed(
            "",
            "create",
            "rolebinding",
            "r",
            "--role=r",
            "--serviceaccount=" + namespace + ":default",
            "-n",
            namespace);

    await("the role to be in force")
        .atMost(Cluster.PATIENCE)
        .ignoreExceptionsInstanceOf(UnreadableClusterException.class)
        .until(() -> ReleaseConfiguration.read(access, named).text().contains("Europe/Paris"));
    var stranger = new ClusterAccess(kubeconfig("no token"), null);
    assertThatThrownBy(() -> ReleaseConfiguration.read(stranger, null))
        .hasMessageContaining("does not know the user of the kubeconfig");
  }

  @Test
  void whoMayNotListConfigMapsFindsTheReleaseByItsWebhooks() throws Exception {
    var namespace = install("timezone: Europe/Paris");
    register(namespace, "gambeson");
    try {
      for (JsonNode object :
          Chart.objects(Chart.render(namespace, "{rbac: {create: false, reviewer: true}}"))) {
        if (object.path("kind").asText().equals("ClusterRole")
            && object.at("/metadata/name").asText().startsWith("gambeson-reviewer.")) {
          cluster.client().resource(object.toString()).create();
        }
      }
      var kubectl = cluster.kubectl();
      kubectl.succeed(
          "",
          "create",
          "clusterrolebinding",
          "reviewer." + namespace,
          "--clusterrole=gambeson-reviewer." + namespace,
          "--serviceaccount=" + namespace + ":default");
      var token = kubectl.succeed("", "create", "token", "default", "-n", namespace).strip();
      var access = new ClusterAccess(kubeconfig(token), null);

      await("the role to be in force")
          .atMost(Cluster.PATIENCE)
          .ignoreExceptionsInstanceOf(UnreadableClusterException.class)
          .until(() -> ReleaseConfiguration.read(access, null).text().contains("Europe/Paris"));
    } finally {
      unregister(namespace);
    }
  }

  @Test
  void anApiServerThatDoesNotAnswerIsNamed() throws Exception {
    var url = "https://127.0.0.1:" + ApiServer.freePort();
    var kubeconfig =
        Files.writeString(
            folder.resolve("gone"),
            Files.readString(cluster.apiServer().kubeconfig())
                .replaceAll("server: .*", "server: " + url));

    assertThatThrownBy(() -> ReleaseConfiguration.read(new ClusterAccess(kubeconfig, null), null))
        .isInstanceOf(UnreadableClusterException.class)
        .hasMessageContaining("cannot reach the API server " + url);
  }

  private ReleaseConfiguration read(@Nullable String context, @Nullable String configMap)
      throws UnreadableClusterException {
    return ReleaseConfiguration.read(
        new ClusterAccess(cluster.apiServer().kubeconfig(), context), configMap);
  }

  /** Creates the ConfigMaps of the chart, and returns their namespace. */
  private String install(String values) throws Exception {
    var namespace = cluster.namespace(Registered.NOT, Map.of());
    for (JsonNode object : Chart.objects(Chart.render(namespace, "{" + values + "}"))) {
      if (object.path("kind").asText().equals("ConfigMap")) {
        cluster.client().resource(object.toString()).inNamespace(namespace).create();
      }
    }
    return namespace;
  }

  private void register(String namespace, String service) {
    cluster.create(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: %1$s}
        webhooks:
        - name: privileged.default.validate.gambeson.dev
          clientConfig: {service: {name: %2$s, namespace: %1$s, path: /validate}}
          namespaceSelector: {matchLabels: {selects: nothing}}
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
          sideEffects: None
          admissionReviewVersions: [v1]
        """
            .formatted(namespace, service));
  }

  private void unregister(String namespace) {
    cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(namespace)
        .delete();
  }

  private Path kubeconfig(String token) throws Exception {
    var config = cluster.client().getConfiguration();
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        """
            .formatted(config.getMasterUrl(), token));
  }
}
