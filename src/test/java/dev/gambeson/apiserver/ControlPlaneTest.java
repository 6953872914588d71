package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.tls.ClientAuthorities;
import dev.gambeson.tls.Rotation;
import dev.gambeson.tls.ServingCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to the API server itself, so that it has one of its own: it goes away for a while,
 * and it is given the client certificate of {@code docs/operation.md}.
 */
@ExtendWith(ClusterExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ControlPlaneTest {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneTest.class);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path FOLDER = Path.of("target", "control-plane").toAbsolutePath();
  private static final Path CLIENT = FOLDER.resolveSibling("control-plane-client");
  private static final String SERVICE = "127.96.0.77";
  private static final Pattern BLOCK =
      Pattern.compile("^ {3}```\\w+\n(.*?)^ {3}```", Pattern.DOTALL | Pattern.MULTILINE);

  /** How long the API server is away. */
  private static final Duration OUTAGE =
      Duration.parse(System.getProperty("gambeson.outage", "PT10S"));

  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "there is no openssl");
    Files.createDirectories(CLIENT);
    run(documented(0));
    Files.writeString(CLIENT.resolve("admission.yaml"), documented(1));
    Files.writeString(CLIENT.resolve("kubeconfig.yaml"), documented(2));
    cluster =
        new Cluster(
            Binaries.installed().orElseThrow(),
            FOLDER,
            List.of("--admission-control-config-file=" + CLIENT.resolve("admission.yaml")));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void onlyTheApiServerWithItsClientCertificateIsAnswered() throws Exception {
    assumeTrue(mayListenOn443(), "only root may listen on port 443 here");
    cluster.create(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: gambeson-system}
        """);
    cluster.create(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: gambeson, namespace: gambeson-system}
        spec:
          clusterIP: %s
          ports: [{port: 443}]
        """
            .formatted(SERVICE));
    try (var clients = ClientAuthorities.open(CLIENT.resolve("client-ca.crt"));
        var _ =
            GambesonServer.start(
                new GambesonServer.Options(
                    SERVICE,
                    443,
                    0,
                    ServingCertificates.of(
                        cluster.certificate("gambeson.gambeson-system.svc", SERVICE)),
                    clients,
                    () -> LiveConfiguration.State.of(cluster.configuration(), Instant.EPOCH),
                    List::of,
                    Limits.DEFAULTS,
                    Clock.systemUTC(),
                    new GambesonMetrics("test")))) {
      var shown =
          register(
              "shown",
              path ->
                  "service: {name: gambeson, namespace: gambeson-system, path: %s}"
                      .formatted(path));
      var notShown = register("not-shown", path -> "url: 'https://%s%s'".formatted(SERVICE, path));

      soon().until(() -> cluster.hardens(shown));
      soon()
          .untilAsserted(() ->
              assertThat(cluster.pods().dryRun(notShown, Pods.plain("web")).message())
                  .contains("failed calling webhook", "remote error: tls: "));
    }
  }

  /** At the end, for the controllers of Kubernetes take longer than Gambeson to come back. */
  @Test
  @Order(2)
  void replicasServeOnWhileTheApiServerIsAwayAndCatchUpOnceItIsBack() throws Exception {
    try (var installation = new Installation(cluster, "", 3, Rotation.Times.DEFAULTS)) {
      await().atMost(SOON).until(installation::isReady);
      var namespace = installation.registered();
      var before = installation.secret().getData().get("ca.crt");

      cluster.apiServer().interrupt();
      var gone = Instant.now();
      // Now a new CA is due, and so are new serving certificates.
      installation.setClocks(Duration.ofDays(250));

      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(installation.replicas())
                  .allSatisfy(replica -> {
                    assertThat(replica.certificate().expiry())
                        .isAfter(gone.plus(Duration.ofDays(250)));
                    assertThat(replica.readyz())
                        .contains(
                            "[-] Secret %s/gambeson is not watched: "
                                .formatted(installation.namespace()),
                            "[-] ConfigMap %s/gambeson is not watched: "
                                .formatted(installation.namespace()),
                            "[-] MutatingWebhookConfiguration %s is not watched: "
                                .formatted(installation.webhooks()),
                            "[-] ValidatingWebhookConfiguration %s is not watched: "
                                .formatted(installation.webhooks()),
                            "[-] storing in Secret ")
                        .endsWith("\nready\n");
                    assertThat(replica.metrics())
                        .contains("\ngambeson_unwatched_objects 4.0\n")
                        .doesNotContain("\ngambeson_secret_store_failures_total 0.0\n");
                  }));
      while (Instant.now().isBefore(gone.plus(OUTAGE))) {
        assertThat(installation.isReady()).isTrue();
        Thread.sleep(500);
      }

      cluster.apiServer().resume();
      var back = Instant.now();
      assertThat(creates(namespace)).as("with failurePolicy: Fail, at once").isTrue();
      installation.configure("enforcement: warn\n");

      soon()
          .until(() ->
              installation.configurations().noneMatch(state -> state.configuration().enforce()));
      var configured = Duration.between(back, Instant.now());
      soon()
          .untilAsserted(() ->
              assertThat(installation.bundles())
                  .containsOnly(installation.secret().getData().get("ca.crt"))
                  .doesNotContain(before));
      var published = Duration.between(back, Instant.now());
      soon()
          .untilAsserted(() ->
              assertThat(installation.replicas())
                  .allSatisfy(replica -> {
                    assertThat(replica.readyz()).doesNotContain("is not watched", "fails");
                    assertThat(replica.metrics()).contains("\ngambeson_unwatched_objects 0.0\n");
                  }));
      assertThat(creates(namespace)).isTrue();
      LOG.info(
          "{} s without an API server; {} ms after its return the configuration was in force on 3 replicas, after {} ms the new CA published",
          Duration.between(gone, back).toSeconds(),
          configured.toMillis(),
          published.toMillis());

      cluster
          .client()
          .configMaps()
          .inNamespace(installation.namespace())
          .withName("gambeson")
          .delete();
      soon().until(() -> installation.configurations().allMatch(state -> state.failure() != null));
    }
  }

  /** Registers the server by an address; returns a namespace whose pods come to it. */
  private static String register(String name, UnaryOperator<String> address) {
    var webhooks =
        new Webhooks("zz-certificate-" + name, TestProfiles.NAMES, address, cluster.authorities());
    cluster.create(webhooks.mutating(name));
    return cluster.namespace(
        Registered.NOT, Map.of(Webhooks.REGISTERED, name, Webhooks.PROFILE, "strict"));
  }

  private static boolean creates(String namespace) throws IOException, InterruptedException {
    return cluster.pods().dryRun(namespace, Pods.plain("web")).accepted();
  }

  private static ConditionFactory soon() {
    return await().atMost(SOON).pollInterval(Duration.ofMillis(50));
  }

  private static boolean mayListenOn443() {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(SERVICE, 443));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A block of the page's section, as it is for our folder. */
  private static String documented(int block) throws IOException {
    var page = Files.readString(Path.of("docs", "operation.md"));
    return BLOCK
        .matcher(page.substring(page.indexOf("### Allow only the API server to connect")))
        .results()
        .map((MatchResult found) -> found.group(1).stripIndent())
        .toList()
        .get(block)
        .replace("/etc/kubernetes/gambeson", CLIENT.toString());
  }

  private static void run(String script) throws IOException, InterruptedException {
    var shell =
        new ProcessBuilder("sh", "-e")
            .directory(CLIENT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(CLIENT.resolve("output").toFile())
            .start();
    try (var input = shell.outputWriter(UTF_8)) {
      input.write(script);
    }
    assertThat(shell.waitFor()).as("%s", CLIENT.resolve("output")).isZero();
  }
}
