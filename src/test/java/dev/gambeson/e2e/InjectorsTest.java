package dev.gambeson.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gambeson.InjectingWebhook;
import dev.gambeson.tls.CertificateAuthority;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Other webhooks beside Gambeson change the pods first, and they run, hardened. */
@EndToEnd
class InjectorsTest {
  private static final List<String> INJECTORS = List.of("istio", "vault", "vpa");

  private final KubectlCluster cluster;
  private final Release release;
  private String injectors;

  InjectorsTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  /** They run in the cluster, on the Java and the libraries of Gambeson's image. */
  @BeforeEach
  void runInjectors() throws Exception {
    release.configure("");
    injectors = cluster.namespace();
    var certificate =
        new CertificateAuthority(Duration.ofDays(1), InstantSource.system())
            .issue(List.of("injectors.%s.svc".formatted(injectors)), Duration.ofDays(1));
    cluster.apply(
        injectors,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: injectors}
        data: {tls.crt: %s, tls.key: %s}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: injectors}
        binaryData: {injectors.jar: %s, istio.json: %s, vault.json: %s, vpa.json: %s}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: injectors}
        spec:
          selector: {app: injectors}
          ports: [{port: 443, targetPort: 8443}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: injectors}
        spec:
          selector: {matchLabels: {app: injectors}}
          template:
            metadata: {labels: {app: injectors}}
            spec:
              containers:
              - name: injectors
                image: %s
                command: [/opt/java/bin/java, -cp, "/injectors/injectors.jar:/opt/gambeson.jar",
                  dev.gambeson.InjectingWebhook, /tls, /injectors]
                readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1}
                volumeMounts: [{name: tls, mountPath: /tls}, {name: injectors, mountPath: /injectors}]
              volumes:
              - {name: tls, secret: {secretName: injectors}}
              - {name: injectors, configMap: {name: injectors}}
        """
            .formatted(
                base64(certificate.chainPem().getBytes(UTF_8)),
                base64(certificate.keyPem().getBytes(UTF_8)),
                base64(jar()),
                patch(
                    """
                    - {op: add, path: /metadata/annotations/sidecar.istio.io~1status, value: injected}
                    - op: add
                      path: /spec/initContainers
                      value:
                      - name: istio-validation
                        image: %1$s
                        command: ["true"]
                        securityContext: {runAsUser: 1337, runAsNonRoot: true, capabilities: {drop: [ALL]}}
                    - op: add
                      path: /spec/containers/-
                      value:
                        name: istio-proxy
                        image: %1$s
                        command: [sleep, "100000"]
                        env: [{name: ISTIO_META_CLUSTER_ID, value: Kubernetes}]
                        resources: {requests: {cpu: 10m, memory: 40Mi}, limits: {cpu: "2", memory: 1Gi}}
                        securityContext: {runAsUser: 1337, runAsGroup: 1337, readOnlyRootFilesystem: true}
                    """),
                patch(
                    """
                    - {op: add, path: /metadata/annotations/vault.hashicorp.com~1agent-inject-status, value: injected}
                    - {op: add, path: /spec/volumes/-, value: {name: vault-secrets, emptyDir: {medium: Memory}}}
                    - op: add
                      path: /spec/containers/0/volumeMounts/-
                      value: {name: vault-secrets, mountPath: /vault/secrets}
                    - op: add
                      path: /spec/containers/-
                      value:
                        name: vault-agent
                        image: %s
                        command: [sh, -c, "echo s3cret > /vault/secrets/password; sleep 100000"]
                        securityContext: {runAsUser: 100, runAsGroup: 1000, allowPrivilegeEscalation: false}
                        volumeMounts: [{name: vault-secrets, mountPath: /vault/secrets}]
                    """),
                patch(
                    """
                    - {op: add, path: /metadata/annotations/vpaUpdates, value: "Pod resources updated by web: container 0: cpu request, memory request"}
                    - {op: add, path: /spec/containers/0/resources, value: {requests: {cpu: 25m, memory: 52428800}}}
                    """),
                release.image()));
    cluster.awaitRollout(injectors, "deployment/injectors");
    register(certificate.authoritiesPem());
  }

  private void register(String authorities) throws Exception {
    for (var injector : INJECTORS) {
      cluster.apply(
          injectors,
          """
          apiVersion: admissionregistration.k8s.io/v1
          kind: MutatingWebhookConfiguration
          metadata: {name: e2e-%1$s}
          webhooks:
          - name: %1$s.example.com
            clientConfig: {service: {name: injectors, namespace: %2$s, path: /%1$s}, caBundle: %3$s}
            namespaceSelector: {matchLabels: {e2e.gambeson.dev/injectors: wanted}}
            rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
            admissionReviewVersions: [v1]
            sideEffects: None
            failurePolicy: Fail
          """
              .formatted(injector, injectors, base64(authorities.getBytes(UTF_8))));
    }
  }

  @AfterEach
  void unregister() throws Exception {
    for (var injector : INJECTORS) {
      cluster.kubectl(
          "delete", "mutatingwebhookconfiguration", "e2e-" + injector, "--ignore-not-found");
    }
  }

  @Test
  void thePodsRunHardenedWithAllThatWasInjected() throws Exception {
    var namespace =
        cluster.namespace(
            "gambeson.dev/profile=strict",
            "e2e.gambeson.dev/injectors=wanted",
            "pod-security.kubernetes.io/enforce=restricted");

    cluster.apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: web}
              annotations: {vault.hashicorp.com/agent-inject: "true"}
            spec:
              containers: [{name: web, image: "%s"}]
        """
            .formatted(KubectlCluster.IMAGE));
    cluster.awaitRollout(namespace, "deployment/web");

    var pod = cluster.pods(namespace, "app", "web").getFirst();
    assertThat(pod.getSpec().getContainers())
        .extracting(Container::getName)
        .containsExactly("web", "istio-proxy", "vault-agent");
    assertThat(containers(pod)).hasSize(4).allSatisfy(InjectorsTest::isHardened);
    assertThat(pod.getSpec().getContainers().getFirst().getResources().getRequests())
        .as("what the VPA recommends")
        .containsEntry("cpu", new Quantity("25m"))
        .containsEntry("memory", new Quantity("52428800"));
    assertThat(
            cluster
                .exec(namespace, pod.getMetadata().getName(), "cat", "/vault/secrets/password")
                .output())
        .isEqualTo("s3cret\n");
  }

  private static Stream<Container> containers(Pod pod) {
    return Stream.concat(
        pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
  }

  private static void isHardened(Container container) {
    var context = container.getSecurityContext();
    assertThat(context.getAllowPrivilegeEscalation()).as(container.getName()).isFalse();
    assertThat(context.getReadOnlyRootFilesystem()).as(container.getName()).isTrue();
    assertThat(context.getCapabilities().getDrop()).as(container.getName()).contains("ALL");
    assertThat(context.getRunAsNonRoot()).as(container.getName()).isTrue();
  }

  private static String patch(String yaml) throws IOException {
    JsonNode patch =
        new ObjectMapper().valueToTree(new Yaml().load(yaml.formatted(KubectlCluster.IMAGE)));
    assertThat(patch).isInstanceOf(ArrayNode.class);
    return base64(patch.toString().getBytes(UTF_8));
  }

  private static byte[] jar() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var path = InjectingWebhook.class.getName().replace('.', '/') + ".class";
    try (var jar = new JarOutputStream(bytes);
        var code = InjectingWebhook.class.getClassLoader().getResourceAsStream(path)) {
      jar.putNextEntry(new JarEntry(path));
      code.transferTo(jar);
    }
    return bytes.toByteArray();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
