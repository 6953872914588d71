package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which profile a namespace is under, whatever the webhook entries and the configuration say. */
@EndToEnd
class ProfilesTest {
  private static final Logger LOG = LoggerFactory.getLogger(ProfilesTest.class);
  private static final String ONLY_STRICT = "ReadOnlyRootFilesystem";

  private final KubectlCluster cluster;
  private final Release release;

  ProfilesTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @BeforeEach
  void asInstalled() throws Exception {
    release.configure("");
  }

  @Test
  void aMistypedLabelFallsToTheDefaultProfile() throws Exception {
    assertThat(applied(cluster.namespace("gambeson.dev/profile=stricct")))
        .contains("SeccompProfile")
        .doesNotContain(ONLY_STRICT);
  }

  @Test
  void theLabelChoosesAProfile() throws Exception {
    assertThat(applied(cluster.namespace("gambeson.dev/profile=strict"))).contains(ONLY_STRICT);
  }

  @Test
  void anEditOfTheConfigurationIsInForceWithoutARestart() throws Exception {
    var namespace = cluster.namespace();
    var before = starts();
    var start = Instant.now();

    release.configure("profiles: {standard: {rules: {Timezone: {zone: Europe/Vienna}}}}");

    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> isInVienna(cluster.dryRun(namespace, pod())));
    LOG.info("an edit was in force after {}", Duration.between(start, Instant.now()));
    cluster.awaitVerdict(namespace, pod(), ProfilesTest::isInVienna);
    assertThat(starts()).isEqualTo(before);
  }

  private static boolean isInVienna(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .anyMatch(variable -> "Europe/Vienna".equals(variable.getValue()));
  }

  /** How often each replica has started. */
  private Map<String, List<Integer>> starts() {
    return release.replicas().stream()
        .collect(
            Collectors.toMap(
                replica -> replica.getMetadata().getName(),
                replica ->
                    replica.getStatus().getContainerStatuses().stream()
                        .map(ContainerStatus::getRestartCount)
                        .toList()));
  }

  @Test
  void aBadEditIsRefusedAndChangesNothing() throws Exception {
    var namespace = cluster.namespace();

    var refused = release.tryToConfigure("profiles: {standard: {rules: {Timezon: {}}}}");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("could not be put in force", "gambeson.yaml:3", "did you mean \"Timezone\"");
    assertThat(applied(namespace)).contains("Timezone");
  }

  /** As GitOps tools apply what Helm renders. */
  @Test
  void anApplyThatDropsTheEntriesOfAProfileWorks() throws Exception {
    var namespace = cluster.namespace("gambeson.dev/profile=strict");
    var trusted = release.caBundles().getFirst();
    release.deleteWebhooks();

    applyWebhooks();

    awaitApplied(namespace, rules -> rules.contains(ONLY_STRICT));
    assertThat(release.caBundles()).containsOnly(trusted);

    applyWebhooks("--set=selectableProfiles={standard}");

    awaitApplied(namespace, rules -> !rules.contains(ONLY_STRICT));
    assertThat(release.caBundles()).containsOnly(trusted);
    applyWebhooks();
  }

  private void awaitApplied(String namespace, Predicate<String> wanted) {
    cluster.awaitVerdict(
        namespace, pod(), pod -> KubectlCluster.applied(pod).filter(wanted).isPresent());
  }

  @Test
  void aProfileThatOnlyTheEntriesKnowRefusesNobody() throws Exception {
    applyWebhooks(
        "--set=configuration.profiles.batch.extends=strict",
        "--set=selectableProfiles={standard,strict,batch}");

    assertThat(applied(cluster.namespace("gambeson.dev/profile=batch"))).contains("Timezone");

    applyWebhooks();
  }

  @Test
  void aProfileThatOnlyTheConfigurationKnowsRefusesNobody() throws Exception {
    release.configure("profiles: {batch: {extends: strict}}");

    assertThat(applied(cluster.namespace("gambeson.dev/profile=batch")))
        .contains("Timezone")
        .doesNotContain(ONLY_STRICT);
  }

  private void applyWebhooks(String... values) throws Exception {
    var rendered =
        release.template(
            Stream.concat(Stream.of("--show-only=templates/webhooks.yaml"), Stream.of(values))
                .toArray(String[]::new));
    cluster.applyServerSide(rendered);
  }

  private String applied(String namespace) {
    cluster.awaitVerdict(namespace, pod(), KubectlCluster::isFixed);
    return KubectlCluster.applied(cluster.dryRun(namespace, pod())).orElseThrow();
  }

  private static Pod pod() {
    return KubectlCluster.pod().build();
  }
}
