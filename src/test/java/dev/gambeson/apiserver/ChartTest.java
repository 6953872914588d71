package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.charts.Chart;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server takes each object of the chart, and knows each of its fields. */
@ExtendWith(ClusterExtension.class)
class ChartTest {
  private static final String RESTRICTED = "restricted";

  private final Cluster cluster;

  ChartTest(Cluster cluster) {
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

  /** Without the kinds that other projects define. */
  private Kubectl.Result apply(String namespace, String values)
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
