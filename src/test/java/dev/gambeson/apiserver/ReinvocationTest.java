package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.InjectingWebhook;
import dev.gambeson.apiserver.Cluster.Registered;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A webhook that adds a container after ours was called: the API server calls ours again. */
@ExtendWith(ClusterExtension.class)
class ReinvocationTest {
  private static final String LABEL = "test.gambeson.dev/sidecars";

  private static final String PATCH =
      """
      [{"op": "add", "path": "/spec/containers/-", "value": {"name": "proxy", "image": "envoy"}}]
      """;

  private static InjectingWebhook sidecars;

  private final Cluster cluster;

  ReinvocationTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  static void register(Cluster cluster) {
    var certificate = cluster.certificate("localhost");
    sidecars =
        new InjectingWebhook(
            certificate.chainPem(), certificate.keyPem(), "127.0.0.1", 0, Map.of("proxy", PATCH));
    cluster.create(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: zzz-sidecars}
        webhooks:
        - name: sidecars.example.com
          clientConfig: {url: 'https://localhost:%d/proxy', caBundle: %s}
          namespaceSelector: {matchLabels: {%s: wanted}}
          rules:
          - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}
          admissionReviewVersions: [v1]
          sideEffects: None
          failurePolicy: Fail
        """
            .formatted(
                sidecars.port(),
                Base64.getEncoder().encodeToString(cluster.authorities().getBytes(UTF_8)),
                LABEL));
  }

  @AfterAll
  static void stop() {
    sidecars.close();
  }

  @Test
  void theSidecarIsHardenedAndNothingElseIsTouched() throws IOException, InterruptedException {
    var without = cluster.namespace("strict", Registered.BY_URL);
    var with =
        cluster.namespace(Registered.BY_URL, Map.of(Webhooks.PROFILE, "strict", LABEL, "wanted"));
    await()
        .atMost(Cluster.PATIENCE)
        .until(() ->
            cluster.pods().dryRun(with, Pods.plain("probe")).body().at("/spec/containers").size()
                == 2);
    var alone = Pods.comparable(cluster.pods().dryRun(without, Pods.plain("web")).body());

    var answer = cluster.pods().create(with, Pods.plain("web"));

    var accompanied = Pods.comparable(answer.body());
    var sidecar = accompanied.withArray("/spec/containers").remove(1);
    assertThat(sidecar.path("name").asText()).isEqualTo("proxy");
    assertThat(sidecar.path("securityContext"))
        .isEqualTo(alone.at("/spec/containers/0/securityContext"));
    var itsVolumes = sidecar.path("volumeMounts").findValuesAsText("name");
    accompanied
        .withArray("/spec/volumes")
        .removeIf(volume -> itsVolumes.contains(volume.path("name").asText()));
    assertThat(accompanied).isEqualTo(alone);
    assertThat(cluster.apiServer().patches(answer.auditId()))
        .hasSize(2)
        .last(as(ITERABLE))
        .isNotEmpty()
        .allSatisfy(operation ->
            assertThat(((JsonNode) operation).path("path").asText())
                .matches("/spec/containers/1/.*|/spec/volumes/-|/metadata/annotations/gambeson.*"));
  }
}
