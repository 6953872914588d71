package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.charts.Chart;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.tls.TlsDirectory;
import dev.gambeson.tls.TlsFiles;
import dev.gambeson.yaml.YamlException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The chart with {@code certs.mode: certManager}, and the real cert-manager. */
@ExtendWith(ClusterExtension.class)
@Needs(Needs.CERT_MANAGER)
class CertManagerTest {
  private static final Set<String> KINDS =
      Set.of(
          "Issuer",
          "Certificate",
          "Service",
          "MutatingWebhookConfiguration",
          "ValidatingWebhookConfiguration");
  private static final Duration LAG = Duration.ofSeconds(5);

  private final Cluster cluster;
  private String namespace;
  private Component certManager;
  @TempDir private Path mounted;

  CertManagerTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void start() throws Exception {
    var kubectl = cluster.kubectl();
    var definitions = kubectl.command().resolveSibling("cert-manager.crds.yaml");
    kubectl.succeed("", "apply", "--server-side", "--filename=" + definitions);
    kubectl.succeed(
        "", "wait", "--for=condition=Established", "--timeout=60s", "--filename=" + definitions);
    certManager =
        Component.start(
            kubectl.command().resolveSibling(Needs.CERT_MANAGER),
            kubectl.kubeconfig().getParent(),
            List.of(kubectl.kubeconfig().toString()));
    namespace = cluster.namespace(Registered.NOT, Map.of());
  }

  @AfterEach
  void stop() {
    var name = "zz-gambeson." + namespace;
    var api = cluster.client().admissionRegistration().v1();
    api.mutatingWebhookConfigurations().withName(name).delete();
    api.validatingWebhookConfigurations().withName(name).delete();
    if (certManager != null) {
      certManager.close();
    }
  }

  @Test
  void issuesTheCertificateAndLetsTheApiServerTrustItAlsoWhileItIsRenewed() throws Exception {
    int port = ApiServer.freePort();
    install("certs: {mode: certManager}\nservice: {port: %d}".formatted(port));
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> secret() != null && bundles().equals(Set.of(ca())));
    mount();
    var address =
        cluster
            .client()
            .services()
            .inNamespace(namespace)
            .withName("gambeson")
            .get()
            .getSpec()
            .getClusterIP();
    try (var files = TlsFiles.open(new TlsDirectory(mounted), Clock.systemUTC());
        var _ =
            GambesonServer.start(
                new GambesonServer.Options(
                    address,
                    port,
                    0,
                    files,
                    null,
                    () -> LiveConfiguration.State.of(cluster.configuration(), Instant.EPOCH),
                    List::of,
                    Limits.DEFAULTS,
                    Clock.systemUTC(),
                    new GambesonMetrics("test")))) {
      var pods = cluster.namespace(Registered.NOT, Map.of(Webhooks.PROFILE, "strict"));
      await().atMost(Cluster.PATIENCE).until(() -> cluster.hardens(pods));

      var before = certificate();
      renew();
      await().atMost(Cluster.PATIENCE).until(() -> !certificate().equals(before));
      var renewed = Instant.now();
      while (Instant.now().isBefore(renewed.plus(LAG))) {
        assertThat(cluster.hardens(pods)).as("before the kubelet has mounted it").isTrue();
      }
      mount();
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> {
            assertThat(cluster.hardens(pods)).as("before the server shows it").isTrue();
            return files.state().certificate().chainPem().equals(certificate());
          });
      assertThat(cluster.hardens(pods)).isTrue();
    }
  }

  private void install(String values) throws IOException, InterruptedException, YamlException {
    var list = new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    var items = list.putArray("items");
    for (var object : Chart.objects(Chart.render(namespace, values))) {
      if (KINDS.contains(object.path("kind").asText())) {
        items.add((ObjectNode) object);
      }
    }
    cluster.kubectl().succeed(list.toString(), "create", "--validate=strict", "--filename=-");
  }

  /** As {@code cmctl renew} does. */
  private void renew() throws IOException, InterruptedException {
    cluster
        .kubectl()
        .succeed(
            "",
            "patch",
            "certificates.cert-manager.io",
            "gambeson",
            "--namespace=" + namespace,
            "--subresource=status",
            "--type=merge",
            """
            --patch={"status": {"conditions": [{"type": "Issuing", "status": "True", "reason": "ManuallyTriggered",
              "message": "renewed by hand", "lastTransitionTime": "%s"}]}}
            """
                .formatted(Instant.now()));
  }

  private Secret secret() {
    return cluster.client().secrets().inNamespace(namespace).withName("gambeson-tls").get();
  }

  private String ca() {
    return secret().getData().get("ca.crt");
  }

  private String certificate() {
    return new String(Base64.getDecoder().decode(secret().getData().get("tls.crt")), UTF_8);
  }

  /** What the API server trusts, over all entries. */
  private Set<String> bundles() {
    var name = "zz-gambeson." + namespace;
    var api = cluster.client().admissionRegistration().v1();
    return Stream.concat(
            api.mutatingWebhookConfigurations().withName(name).get().getWebhooks().stream()
                .map(MutatingWebhook::getClientConfig),
            api.validatingWebhookConfigurations().withName(name).get().getWebhooks().stream()
                .map(ValidatingWebhook::getClientConfig))
        .map(client -> String.valueOf(client.getCaBundle()))
        .collect(Collectors.toSet());
  }

  /** What the kubelet does. */
  private void mount() throws IOException {
    for (var entry : secret().getData().entrySet()) {
      Files.write(mounted.resolve(entry.getKey()), Base64.getDecoder().decode(entry.getValue()));
    }
  }
}
