package dev.gambeson.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubeapitest.Utils;
import io.fabric8.kubeapitest.cert.CertManager;
import io.fabric8.kubeapitest.kubeconfig.KubeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real Kubernetes without nodes: etcd, kube-apiserver and, where it is installed,
 * kube-controller-manager.
 *
 * <p>Of fabric8's {@code kube-api-test} this uses the binaries' places, the certificates and the
 * kubeconfig; not its way to start the API server, which switches off the ServiceAccount plugin and
 * fixes the range of the ClusterIPs.
 */
final class ApiServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PATCH_ANNOTATION = "patch.webhook.admission.k8s.io/";
  private static final String AUDIT_POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: Request
        verbs: [create]
        resources: [{group: "", resources: [pods]}]
      - level: None
      """;

  private final Path folder;
  private final Path kubeconfig;
  private final Path auditLog;
  private final Deque<Component> components = new ArrayDeque<>();
  private final KubernetesClient client;
  private final ObjectMapper mapper = new ObjectMapper();
  private final Binaries binaries;
  private final CertManager certificates;
  private final List<String> flags;
  private final int port;
  private final String etcd;
  private Component apiServer;

  /**
   * Starts one.
   *
   * @param folder for its data and logs
   * @param flags of kube-apiserver, beside its usual ones
   */
  ApiServer(Binaries binaries, Path folder, List<String> flags) throws IOException {
    this.binaries = binaries;
    this.folder = folder;
    this.flags = List.copyOf(flags);
    if (Files.exists(folder)) {
      Utils.deleteDirectory(folder.toFile());
    }
    Files.createDirectories(folder);
    certificates = new CertManager(folder.toString());
    certificates.createCertificatesIfNeeded();
    port = freePort();
    kubeconfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            new KubeConfig(certificates, binaries.manager()).generateKubeConfigYaml(port));
    auditLog = folder.resolve("audit.log");
    var config = Config.fromKubeconfig(Files.readString(kubeconfig));
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    try {
      etcd = startEtcd();
      apiServer = startApiServer();
      awaitReadiness();
      if (binaries.missing(List.of(Needs.CONTROLLER_MANAGER)).isEmpty()) {
        startControllerManager();
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  KubernetesClient client() {
    return client;
  }

  /** Ends kube-apiserver alone; what it has stored stays. */
  synchronized void interrupt() {
    components.remove(apiServer);
    apiServer.close();
  }

  /** Starts kube-apiserver again, and returns once it is ready. */
  void resume() throws IOException {
    apiServer = startApiServer();
    awaitReadiness();
  }

  private void awaitReadiness() {
    await("the API server")
        .atMost(PATIENCE)
        .ignoreException(KubernetesClientException.class)
        .until(() -> {
          apiServer.mustRun();
          return client.raw("/readyz") != null
              && client.namespaces().withName("default").get() != null;
        });
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  /**
   * The patches of Gambeson to the pod of a request, in the order in which they were applied.
   *
   * @param auditId of the request
   */
  List<JsonNode> patches(String auditId) throws IOException {
    JsonNode event;
    try (Stream<String> lines = Files.lines(auditLog)) {
      event =
          mapper.readTree(lines.filter(line -> line.contains(auditId)).findFirst().orElseThrow());
    }
    var patches = new ArrayList<JsonNode>();
    for (var annotation : event.path("annotations").properties()) {
      if (annotation.getKey().startsWith(PATCH_ANNOTATION)) {
        var patch = mapper.readTree(annotation.getValue().asText());
        if (patch.path("webhook").asText().endsWith(".gambeson.dev")) {
          patches.add(patch.path("patch"));
        }
      }
    }
    return patches;
  }

  private String startEtcd() throws IOException {
    var url = "http://127.0.0.1:" + freePort();
    var peerUrl = "http://127.0.0.1:" + freePort();
    start(
        binaries.command("etcd"),
        "--data-dir=" + folder.resolve("etcd"),
        "--unsafe-no-fsync",
        "--log-level=error",
        "--listen-client-urls=" + url,
        "--advertise-client-urls=" + url,
        "--listen-peer-urls=" + peerUrl,
        "--initial-advertise-peer-urls=" + peerUrl,
        "--initial-cluster=default=" + peerUrl);
    return url;
  }

  private Component startApiServer() throws IOException {
    var usual =
        Stream.of(
            "--etcd-servers=" + etcd,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--endpoint-reconciler-type=none",
            "--cert-dir=" + folder,
            "--tls-cert-file=" + certificates.getAPIServerCertPath(),
            "--tls-private-key-file=" + certificates.getAPIServerKeyPath(),
            "--client-ca-file=" + certificates.getClientCertPath(),
            "--authorization-mode=RBAC",
            "--allow-privileged",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + certificates.getAPIServerCertPath(),
            "--service-account-signing-key-file=" + certificates.getAPIServerKeyPath(),
            // Loopback addresses: what listens on 0.0.0.0 here can be called at its Service's
            // address.
            "--service-cluster-ip-range=127.96.0.0/16",
            // Gives pods the field spec.schedulingGroup, which our model of the API does not know.
            "--feature-gates=GenericWorkload=true",
            "--runtime-config=scheduling.k8s.io/v1alpha2=true",
            "--audit-policy-file="
                + Files.writeString(folder.resolve("audit-policy.yaml"), AUDIT_POLICY),
            "--audit-log-path=" + auditLog);
    return start(
        binaries.command("kube-apiserver"),
        Stream.concat(usual, flags.stream()).toArray(String[]::new));
  }

  private void startControllerManager() throws IOException {
    start(
        binaries.command(Needs.CONTROLLER_MANAGER),
        "--kubeconfig=" + kubeconfig,
        "--leader-elect=false",
        "--secure-port=0",
        "--use-service-account-credentials=false",
        "--service-account-private-key-file=" + certificates.getAPIServerKeyPath(),
        "--root-ca-file=" + certificates.getAPIServerCertPath(),
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        // The one node of the tests is only an object: nobody renews its lease.
        "--controllers=*,-node-ipam-controller,-node-lifecycle-controller");
  }

  private synchronized Component start(Path command, String... arguments) throws IOException {
    var component = Component.start(command, folder, List.of(arguments));
    components.push(component);
    return component;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    client.close();
    stop();
  }

  /** Ends the processes, the last one first. */
  private synchronized void stop() {
    while (!components.isEmpty()) {
      components.pop().close();
    }
  }
}
