package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import dev.gambeson.Command;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.charts.Chart;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server takes each object of the chart, and knows each of its fields. */
@ExtendWith(ClusterExtension.class)
class ChartInClusterTest {
  private static final String RESTRICTED = "restricted";

  private final Cluster cluster;

  ChartInClusterTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "autoscaling: {enabled: true}",
        "profileAuthorization: {enabled: true}",
        "certs: {mode: certManager}",
        "certs: {mode: provided, provided: {secretName: tls}}",
        "mtls: {enabled: true, configMapName: client-ca}",
        "containerPort: 443",
        "{rbac: {create: false}, serviceAccount: {create: false, name: mine}}",
        "{containerPort: 10250, metrics: {dashboard: {enabled: true}}}",
        "networkPolicy: {metricsFrom: [{namespaceSelector: {}}]}",
        "{podDisruptionBudget: {maxUnavailable: 50%}, imagePullSecrets: [{name: registry}]}",
      })
  void everyObjectIsAccepted(String values)
      throws IOException, InterruptedException, YamlException {
    var namespace =
        cluster.namespace(
            Registered.NOT,
            Map.of(
                "pod-security.kubernetes.io/enforce", RESTRICTED,
                "pod-security.kubernetes.io/warn", RESTRICTED));
    assertThat(apply(namespace, values).errors()).doesNotContain("PodSecurity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lxcfs: {enabled: true}", "hostNetwork: true"})
  void whatNeedsTheNodeIsAcceptedWherePodSecurityLetsIt(String values)
      throws IOException, InterruptedException, YamlException {
    apply(cluster.namespace(Registered.NOT, Map.of()), values);
  }

  @Test
  void theExampleOfWebhooksIsAccepted() throws IOException, InterruptedException {
    var example =
        Files.readString(Path.of("e2e", "webhooks.yaml"))
            .replace("${URL}", "https://localhost:8443")
            .replace(
                "${CA_BUNDLE}",
                Base64.getEncoder().encodeToString(cluster.authorities().getBytes(UTF_8)));
    cluster
        .kubectl()
        .succeed(example, "apply", "--dry-run=server", "--validate=strict", "--filename=-");
  }

  @Test
  void aFirstInstallationBehindFailIsRefused() {
    var namespace = cluster.namespace(Registered.NOT, Map.of());
    assertThatThrownBy(() -> install(namespace, "webhook: {failurePolicy: {standard: Fail}}"))
        .hasMessageContaining("Install with Ignore first, then upgrade with Fail");
    assertThatCode(() -> install(namespace, "webhook: {failurePolicy: {standard: Ignore}}"))
        .doesNotThrowAnyException();
  }

  /** As far as that goes without storing anything. */
  private void install(String namespace, String values) throws IOException {
    var file = Files.writeString(Files.createTempFile("values", ".yaml"), values);
    try {
      new Helm(Chart.FOLDER)
          .install()
          .withKubeConfig(cluster.apiServer().kubeconfig())
          .withName("gambeson")
          .withNamespace(namespace)
          .withValuesFile(file)
          .dryRun()
          .withDryRunOption(DryRun.SERVER)
          .call();
    } finally {
      Files.delete(file);
    }
  }

  /** Without the kinds that other projects define. */
  private Command.Result apply(String namespace, String values)
      throws IOException, InterruptedException, YamlException {
    var list = new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    var items = list.putArray("items");
    for (var object : Chart.objects(Chart.render(namespace, values))) {
      if (!object.path("apiVersion").asText().startsWith("cert-manager.io/")) {
        items.add((ObjectNode) object);
      }
    }
    var result =
        cluster
            .kubectl()
            .run(list.toString(), "apply", "--dry-run=server", "--validate=strict", "--filename=-");
    assertThat(result.exitCode()).as(result.errors()).isZero();
    assertThat(result.output().lines()).hasSize(items.size());
    return result;
  }
}
