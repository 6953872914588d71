package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gambeson.server.StartupException;
import dev.gambeson.tls.Rotation;
import dev.gambeson.yaml.YamlException;
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
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    assertThat(authorities(installation.secret())).as("CA certificates").isEqualTo(1);
    assertThat(installation.bundles())
        .hasSize(2)
        .containsOnly(installation.secret().getData().get("ca.crt"));
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
      var bundle = installation.bundles().getFirst();
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
    var before = installation.secret().getData().get("ca.crt");

    cluster.client().secrets().inNamespace(installation.namespace()).withName("gambeson").delete();

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(installation.secret()).isNotNull();
          assertThat(installation.secret().getData()).containsEntry("ca.crt", before);
        });
    assertThat(installation.bundles()).containsOnly(before);
    assertThat(creates(installation.registered())).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aSecretThatNobodyCanSignWithIsWrittenAnew(Damage damage) throws Exception {
    install(2, LONG);
    var before = installation.secret().getData();

    inflict(damage);

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(installation.secret().getData())
                .containsEntry("ca.crt", before.get("ca.crt"))
                .containsEntry("ca.key", before.get("ca.key")));
    assertThat(creates(installation.registered())).isTrue();
  }

  @Test
  void aReplicaThatFindsSomebodyElsesCaMakesOneOfItsOwn() throws Exception {
    install(1, LONG);
    installation.scaleToZero();
    inflict(Damage.CERTIFICATE_FROM_ELSEWHERE);
    var foreign = installation.secret().getData().get("ca.crt");

    installation.add();
    await().atMost(SOON).until(installation::isReady);

    assertThat(installation.secret().getData().get("ca.crt")).isNotEqualTo(foreign);
    assertThat(installation.bundles()).containsOnly(installation.secret().getData().get("ca.crt"));
    awaitCreation();
  }

  /** What may happen to the authorities in the Secret. */
  enum Damage {
    RUBBISH,
    NO_KEY,
    KEY_OF_ANOTHER,
    CERTIFICATE_FROM_ELSEWHERE
  }

  private void inflict(Damage damage) {
    var elsewhere = cluster.certificate("localhost");
    var secret = new SecretBuilder(installation.secret());
    var changed =
        switch (damage) {
          case RUBBISH ->
              secret.addToData("ca.crt", base64("rubbish")).addToData("ca.key", base64("more"));
          case NO_KEY -> secret.removeFromData("ca.key");
          case KEY_OF_ANOTHER -> secret.addToData("ca.key", base64(elsewhere.keyPem()));
          case CERTIFICATE_FROM_ELSEWHERE ->
              secret
                  .addToData("ca.crt", base64(elsewhere.chainPem()))
                  .addToData("ca.key", base64(elsewhere.keyPem()));
        };
    cluster.client().resource(changed.build()).update();
  }

  @Test
  void anOverwrittenCaBundleIsRestored() throws Exception {
    install(2, LONG);
    var before = installation.bundles();

    overwriteBundle();

    await().atMost(SOON).untilAsserted(() -> assertThat(installation.bundles()).isEqualTo(before));
    var namespace = installation.registered();
    await().atMost(SOON).until(() -> creates(namespace));
  }

  /** So a patch that was made before a {@code helm upgrade} moved the entries does no harm. */
  @Test
  void aPatchOfAnEntryThatMovedIsRefusedAsARaceAndTheEntriesAreMended() throws Exception {
    install(1, LONG);
    var webhooks =
        cluster
            .client()
            .admissionRegistration()
            .v1()
            .validatingWebhookConfigurations()
            .withName(installation.webhooks());
    assertThatThrownBy(() ->
            webhooks.patch(
                PatchContext.of(PatchType.JSON),
                """
                [{"op": "test", "path": "/webhooks/0/name", "value": "%s"},
                 {"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": "%s"}]
                """
                    .formatted(
                        webhooks.get().getWebhooks().get(1).getName(),
                        base64(cluster.authorities()))))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> assertThat(refused.getCode()).isEqualTo(422));

    webhooks.edit(configuration -> {
      Collections.reverse(configuration.getWebhooks());
      configuration.getWebhooks().forEach(entry -> entry.getClientConfig().setCaBundle(null));
      return configuration;
    });

    var ca = installation.secret().getData().get("ca.crt");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(webhooks.get().getWebhooks())
                .allSatisfy(
                    entry -> assertThat(entry.getClientConfig().getCaBundle()).isEqualTo(ca)));
  }

  @Test
  void rightsThatAreTakenAwayShowAndTheirReturnHeals() throws Exception {
    install(2, LONG);
    var before = installation.bundles();

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
    assertThat(installation.bundles()).isNotEqualTo(before);

    installation.grant();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(installation.bundles()).isEqualTo(before));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(installation.replicas().getFirst().readyz())
                .doesNotContain("publishing the CA"));
  }

  @Test
  void whereNoReplicaIsReachableFailurePolicySaysWhatHappens() throws Exception {
    install(2, LONG);
    var namespace = installation.registered();
    assertThat(creates(namespace)).isTrue();

    installation.scaleToZero();

    var refused = cluster.pods().dryRun(namespace, Pods.plain("web"));
    assertThat(refused.accepted()).isFalse();
    assertThat(refused.message()).contains("failed calling webhook");

    installation.setFailurePolicy("Ignore");
    await().atMost(SOON).until(() -> creates(namespace));
    assertThat(cluster.client().raw("/metrics"))
        .as("what the chart alerts on")
        .containsPattern(
            "apiserver_admission_webhook_fail_open_count\\{name=\".+[.]validate[.]gambeson[.]dev\",type=\"validating\"}")
        .containsPattern(
            "apiserver_admission_webhook_fail_open_count\\{name=\".+[.]mutate[.]gambeson[.]dev\",type=\"admit\"}");

    installation.setFailurePolicy("Fail");
    await().atMost(SOON).until(() -> !creates(namespace));
    installation.add();
    await().atMost(SOON).until(() -> creates(namespace));
  }

  @Test
  void anEditOfTheConfigMapIsInForceOnEveryReplicaWithoutARestart() throws Exception {
    install(3, LONG);
    var start = Instant.now();

    installation.configure("enforcement: warn\n");

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
    installation.configure("enforcement: warn\n");
    await().atMost(SOON).until(() -> installation.secret().getData().containsKey("last-good.yaml"));
    await()
        .atMost(SOON)
        .until(() ->
            new String(
                    Base64.getDecoder()
                        .decode(installation.secret().getData().get("last-good.yaml")),
                    UTF_8)
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
      assertThat(replica.readyz()).contains("[-] configuration: the present one is not valid");
    }
  }

  @Test
  void aBadConfigurationWithoutAGoodOneKeepsAReplicaUnreadyUntilItIsCorrected() throws Exception {
    installation = new Installation(cluster, "", 0, LONG);
    store("enforcement: maybe\n");
    var replica = installation.add();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(replica.readyz())
                .contains("[-] configuration: there is no valid one", "clients trust it")
                .endsWith("\nnot ready\n"));

    installation.configure("enforcement: warn\n");

    await().atMost(SOON).until(replica::isReady);
    assertThat(replica.controller().configuration().configuration().enforce()).isFalse();
  }

  @Test
  void withoutAConfigMapAReplicaRunsTheBuiltInProfilesAndIsReady() throws Exception {
    installation = new Installation(cluster, "", 0, LONG);
    cluster
        .client()
        .configMaps()
        .inNamespace(installation.namespace())
        .withName("gambeson")
        .delete();

    var replica = installation.add();

    await().atMost(SOON).until(replica::isReady);
    assertThat(replica.controller().configuration().configuration().profiles())
        .containsOnlyKeys("observe", "standard", "strict");
  }

  @Test
  void aBadEditIsRefusedBeforeItIsStored() throws Exception {
    install(1, LONG);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThatThrownBy(() -> installation.configure("enforcement: maybe\n"))
                .hasMessageContaining("could not be put in force")
                .hasMessageContaining(
                    "gambeson.yaml:3:1: enforcement: must be enforce or warn, not \"maybe\""));
    installation.configure("enforcement: warn\n");
  }

  private void install(int replicas, Rotation.Times times)
      throws StartupException, IOException, YamlException {
    installation = new Installation(cluster, "", replicas, times);
    await().atMost(SOON).until(installation::isReady);
    awaitCreation();
  }

  /** The API server hears of a changed bundle a moment after it was published. */
  private void awaitCreation() {
    var namespace = installation.registered();
    await().atMost(SOON).until(() -> creates(namespace));
  }

  private boolean creates(String namespace) throws IOException, InterruptedException {
    return cluster.pods().dryRun(namespace, Pods.plain("web")).accepted();
  }

  private static int authorities(Secret secret) {
    var pem = new String(Base64.getDecoder().decode(secret.getData().get("ca.crt")), UTF_8);
    return pem.split("-----BEGIN").length - 1;
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
          installation.configure(text);
          return true;
        });
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
