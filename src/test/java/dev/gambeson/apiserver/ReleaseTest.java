package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gambeson.server.StartupException;
import dev.gambeson.tls.Rotation;
import dev.gambeson.yaml.YamlException;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A release looks after its certificates and its configuration by itself. */
@ExtendWith(ClusterExtension.class)
class ReleaseTest {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseTest.class);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Rotation.Times LONG =
      new Rotation.Times(Duration.ofDays(365), Duration.ofDays(7), Duration.ofSeconds(60));

  /** How long the rotation is watched. */
  private static final Duration WATCH =
      Duration.parse(System.getProperty("gambeson.rotation", "PT40S"));

  private final Cluster cluster;
  private Installation installation;

  ReleaseTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void uninstall() {
    installation.close();
  }

  @Test
  void replicasThatStartTogetherShareOneAuthority() throws Exception {
    install(3, LONG);

    assertThat(authorities(secret())).as("CA certificates").isEqualTo(1);
    assertThat(bundles()).hasSize(2).containsOnly(secret().getData().get("ca.crt"));
    assertThat(installation.replicas())
        .extracting(replica -> replica.controller().certificates().orElseThrow().state())
        .allSatisfy(state -> {
          assertThat(state.trusted()).isTrue();
          assertThat(state.problems()).isEmpty();
        });
    assertThat(creates(installation.registered())).isTrue();
  }

  @Test
  void certificatesRotateUnderLoadWithoutALostRequest() throws Exception {
    var times = times(WATCH);
    install(3, times);
    var namespace = installation.registered();
    var lost = new ArrayList<String>();
    var seen = new ArrayList<String>();
    int reviews = 0;
    var end = Instant.now().plus(WATCH);
    while (Instant.now().isBefore(end)) {
      var next = Instant.now().plusMillis(50);
      var answer = cluster.pods().dryRun(namespace, Pods.plain("web"));
      reviews++;
      if (!answer.accepted()) {
        lost.add(answer.message());
      }
      var bundle = bundles().getFirst();
      if (!seen.contains(bundle)) {
        seen.add(bundle);
      }
      Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
    }

    var rotations =
        installation.replicas().stream().map(replica -> replica.served().size()).toList();
    LOG.info(
        "{} reviews in {}, {} lost; rotations of the replicas: {}; trust changed {} times",
        reviews,
        WATCH,
        lost.size(),
        rotations,
        seen.size());
    assertThat(lost).isEmpty();
    assertThat(rotations).allMatch(count -> count >= 5);
    assertThat(seen).as("bundles: CAs come and go").hasSizeGreaterThanOrEqualTo(4);
  }

  /** At least two authorities follow the first. */
  private static Rotation.Times times(Duration watch) {
    return watch.compareTo(Duration.ofMinutes(6)) < 0
        ? new Rotation.Times(Duration.ofSeconds(18), Duration.ofSeconds(8), Duration.ofSeconds(2))
        : new Rotation.Times(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  @Test
  void aDeletedSecretComesBackWithTheSameAuthority() throws Exception {
    install(2, LONG);
    var before = secret().getData().get("ca.crt");

    cluster.client().secrets().inNamespace(installation.namespace()).withName("gambeson").delete();

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(secret()).isNotNull();
          assertThat(secret().getData()).containsEntry("ca.crt", before);
        });
    assertThat(bundles()).containsOnly(before);
    assertThat(creates(installation.registered())).isTrue();
  }

  @Test
  void aSecretFilledWithRubbishIsWrittenAnew() throws Exception {
    install(2, LONG);
    var before = secret().getData().get("ca.crt");

    cluster
        .client()
        .resource(
            new SecretBuilder(secret())
                .withData(Map.of("ca.crt", base64("rubbish"), "ca.key", base64("more")))
                .build())
        .update();

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(secret().getData()).containsEntry("ca.crt", before));
    assertThat(creates(installation.registered())).isTrue();
  }

  @Test
  void anOverwrittenCaBundleIsRestored() throws Exception {
    install(2, LONG);
    var before = bundles();

    overwriteBundle();

    await().atMost(SOON).untilAsserted(() -> assertThat(bundles()).isEqualTo(before));
    var namespace = installation.registered();
    await().atMost(SOON).until(() -> creates(namespace));
  }

  @Test
  void rightsThatAreTakenAwayShowAndTheirReturnHeals() throws Exception {
    install(2, LONG);
    var before = bundles();

    installation.revoke();
    overwriteBundle();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(installation.replicas())
                .allSatisfy(replica ->
                    assertThat(replica.readyz())
                        .contains("publishing the CA", "forbidden")
                        .endsWith("\nready\n")));
    assertThat(bundles()).isNotEqualTo(before);

    installation.grant();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(bundles()).isEqualTo(before));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(installation.replicas().getFirst().readyz())
                .doesNotContain("publishing the CA"));
  }

  @Test
  void anEditOfTheConfigMapIsInForceOnEveryReplicaWithoutARestart() throws Exception {
    install(3, LONG);
    var start = Instant.now();

    configure("enforcement: warn\n");

    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            installation.replicas().stream()
                .noneMatch(
                    replica -> replica.controller().configuration().configuration().enforce()));
    LOG.info("in force on 3 replicas after {}", Duration.between(start, Instant.now()));
  }

  @Test
  void aBadEditChangesNothingAndAReplicaThatStartsThenRunsOnTheLastGoodOne() throws Exception {
    install(1, LONG);
    configure("enforcement: warn\n");
    await().atMost(SOON).until(() -> secret().getData().containsKey("last-good.yaml"));
    await()
        .atMost(SOON)
        .until(() ->
            new String(Base64.getDecoder().decode(secret().getData().get("last-good.yaml")), UTF_8)
                .contains("warn"));

    store("enforcement: maybe\n");
    var first = installation.replicas().getFirst();
    await().atMost(SOON).until(() -> first.controller().configuration().failure() != null);
    var second = installation.add();
    await().atMost(SOON).until(second::isReady);

    for (var replica : List.of(first, second)) {
      var state = replica.controller().configuration();
      assertThat(state.configuration().enforce()).isFalse();
      assertThat(state.failure()).contains("enforcement");
      assertThat(replica.readyz()).contains("[-] configuration: what there is now is bad");
    }
  }

  @Test
  void aBadEditIsRefusedBeforeItIsStored() throws Exception {
    install(1, LONG);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThatThrownBy(() -> configure("enforcement: maybe\n"))
                .hasMessageContaining("could not be put in force")
                .hasMessageContaining(
                    "gambeson.yaml:3:1: enforcement: wants enforce or warn, not \"maybe\""));
    configure("enforcement: warn\n");
  }

  private void install(int replicas, Rotation.Times times)
      throws StartupException, IOException, YamlException {
    installation = new Installation(cluster, "", replicas, times);
    await()
        .atMost(SOON)
        .until(() -> installation.replicas().stream().allMatch(Installation.Replica::isReady));
  }

  private boolean creates(String namespace) throws IOException, InterruptedException {
    return cluster.pods().dryRun(namespace, Pods.plain("web")).accepted();
  }

  private Secret secret() {
    return cluster
        .client()
        .secrets()
        .inNamespace(installation.namespace())
        .withName("gambeson")
        .get();
  }

  private static int authorities(Secret secret) {
    var pem = new String(Base64.getDecoder().decode(secret.getData().get("ca.crt")), UTF_8);
    return pem.split("-----BEGIN").length - 1;
  }

  private List<String> bundles() {
    var api = cluster.client().admissionRegistration().v1();
    return List.of(
        String.valueOf(
            api.mutatingWebhookConfigurations()
                .withName(installation.webhooks())
                .get()
                .getWebhooks()
                .getFirst()
                .getClientConfig()
                .getCaBundle()),
        String.valueOf(
            api.validatingWebhookConfigurations()
                .withName(installation.webhooks())
                .get()
                .getWebhooks()
                .getFirst()
                .getClientConfig()
                .getCaBundle()));
  }

  private void overwriteBundle() {
    cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(installation.webhooks())
        .patch(
            PatchContext.of(PatchType.JSON),
            """
            [{"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": "%s"}]
            """
                .formatted(base64(cluster.authorities())));
  }

  /** Past the webhook that would refuse it. */
  private void store(String text) {
    cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(installation.webhooks())
        .edit(configuration -> {
          configuration.getWebhooks().removeLast();
          return configuration;
        });
    await()
        .atMost(SOON)
        .ignoreException(KubernetesClientException.class)
        .until(() -> {
          configure(text);
          return true;
        });
  }

  private void configure(String text) {
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("gambeson")
                .withNamespace(installation.namespace())
                .endMetadata()
                .withData(
                    Map.of(
                        "gambeson.yaml",
                        "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n" + text))
                .build())
        .update();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
