package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.Command;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code gambeson explain} is right about pods that fail in the usual ways, and one that works. */
@EndToEnd
class ExplainTest {
  private static final Logger LOG = LoggerFactory.getLogger(ExplainTest.class);
  private static final String STRICT = "gambeson.dev/profile=strict";
  private static final String MOUNTED = "{name: data, mountPath: /data}";

  private final KubectlCluster cluster;
  private final Release release;

  ExplainTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @Test
  void eachPodIsExplainedByWhatMadeItFail() throws Exception {
    var namespace = cluster.namespace(STRICT);
    var assigned = cluster.namespace(STRICT);
    release.configure(
        """
        namespaces: [{match: [%s], profile: assigned}]
        profiles:
          strict:
            rules:
              Resources: {requests: {memory: 16Mi}, limits: {memory: 32Mi}}
              EmptyDirSizeLimit: {sizeLimit: 8Mi}
          assigned:
            extends: strict
            rules:
              RunAsUser: {fix: apply, uid: 20000}
        """
            .formatted(assigned));
    cluster.awaitVerdict(
        namespace,
        KubectlCluster.pod().build(),
        pod -> new Quantity("32Mi").equals(main(pod).getResources().getLimits().get("memory")));
    cluster.awaitVerdict(
        assigned,
        KubectlCluster.pod().build(),
        pod -> Long.valueOf(20_000).equals(main(pod).getSecurityContext().getRunAsUser()));

    deploy(namespace, "works", KubectlCluster.IMAGE, "sleep 100000", "");
    deploy(namespace, "root", "busybox:root", "sleep 100000", "");
    deploy(
        namespace,
        "hungry",
        KubectlCluster.IMAGE,
        "exec awk 'BEGIN {s = \"x\"; while (1) s = s s}'",
        "");
    deploy(
        namespace,
        "full",
        KubectlCluster.IMAGE,
        "dd if=/dev/zero of=/data/x bs=1M count=64; sleep 100000",
        "");
    deploy(namespace, "writes", KubectlCluster.IMAGE, "mkdir /cache", "");
    deploy(
        assigned,
        "denied",
        KubectlCluster.IMAGE,
        "touch /data/own/x",
        """
        initContainers:
        - name: owner
          image: %s
          command: [mkdir, -m, "700", /data/own]
          securityContext: {runAsUser: 10001}
          volumeMounts: [%s]
        """
            .formatted(KubectlCluster.IMAGE, MOUNTED));

    explained(namespace, "root", only("RunAsNonRoot", "certain", "runAsUser"));
    explained(namespace, "hungry", only("Resources", "likely", "memory: 64Mi"));
    explained(namespace, "writes", only("ReadOnlyRootFilesystem", "certain", "mountPath: /cache"));
    explained(assigned, "denied", only("RunAsUser", "likely", "fsGroup"));
    explained(
        namespace,
        "works",
        explanation -> {
          assertThat(explanation.path("diagnoses")).isEmpty();
          assertThat(explanation.path("state").asText()).isEqualTo("Running");
          assertThat(explanation.at("/filled").findValuesAsText("rule"))
              .contains("RunAsNonRoot", "Capabilities", "ReadOnlyRootFilesystem", "Resources");
          assertThat(explanation.at("/filled").findValuesAsText("certainty"))
              .containsOnly("certain");
        });
    // The kubelet measures volumes once a minute.
    explained(namespace, "full", only("EmptyDirSizeLimit", "certain", "sizeLimit: 16Mi"));
  }

  private static Container main(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  private static ThrowingConsumer<JsonNode> only(String rule, String certainty, String help) {
    return explanation ->
        assertThat(explanation.path("diagnoses"))
            .as(explanation.toPrettyString())
            .singleElement()
            .satisfies(diagnosis -> {
              assertThat(diagnosis.path("rule").asText()).isEqualTo(rule);
              assertThat(diagnosis.path("certainty").asText()).isEqualTo(certainty);
              assertThat(diagnosis.path("remedies").findValuesAsText("yaml").toString())
                  .contains(help);
            });
  }

  private void explained(String namespace, String app, ThrowingConsumer<JsonNode> rightly) {
    await()
        .atMost(KubectlCluster.PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          // An evicted pod stays, and its controller creates another one.
          var explanations = new ArrayList<JsonNode>();
          for (var pod : cluster.pods(namespace, "app", app)) {
            explanations.add(explain(namespace, pod.getMetadata().getName()));
          }
          assertThat(explanations).anySatisfy(rightly);
        });
    LOG.info("{} is explained", app);
  }

  private static JsonNode explain(String namespace, String pod) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var result =
        Command.run(
            Map.of(),
            "",
            List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gambeson.cli.Gambeson",
                "explain",
                pod,
                "--namespace=" + namespace,
                "--logs",
                "--output=json"));
    assertThat(result.exitCode()).as(result.errors()).isLessThan(2);
    return new ObjectMapper().readTree(result.output());
  }

  private void deploy(String namespace, String app, String image, String script, String more)
      throws Exception {
    cluster.apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: %2$s
                command: [sh, -c, %3$s]
                volumeMounts: [%4$s]
              volumes: [{name: data, emptyDir: {}}]
        %5$s
        """
            .formatted(
                app,
                image,
                new ObjectMapper().writeValueAsString(script),
                MOUNTED,
                more.indent(6)));
  }
}
