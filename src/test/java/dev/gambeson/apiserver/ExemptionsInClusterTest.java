package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.Command;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.ConfigurationWriter;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.yaml.TestYaml;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exemptions on a real API server, where a review must say the same. */
@ExtendWith(ClusterExtension.class)
class ExemptionsInClusterTest {
  private static final String GROUP = "system:masters";

  private static final String LOGS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: logs, labels: {app: filebeat}}
      spec:
        volumes: [{name: logs, hostPath: {path: /var/log/pods}}]
        containers:
        - {name: a, image: a, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}
      """;

  private static final String LOGS_OF_A_DEPLOYMENT =
      Workload.Deployment.yaml(
          "volumes: [{name: logs, hostPath: {path: /var/log/pods}}], containers: [{name: a, image:"
              + " a, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}]");

  private final Cluster cluster;
  private final String namespace;
  private Configuration configuration;

  ExemptionsInClusterTest(Cluster cluster) {
    this.cluster = cluster;
    this.configuration = cluster.configuration();
    this.namespace = cluster.namespace("standard", Registered.BY_URL);
  }

  @AfterEach
  void restore() {
    cluster.configure(cluster.configuration());
  }

  @Test
  void aNamespaceIsExemptedByItsName() throws Exception {
    configure("namespaces: [\"" + namespace.substring(0, namespace.length() - 1) + "*\"]");

    assertAllowed(LOGS, "alice");
  }

  @Test
  void anotherNamespaceIsNot() throws Exception {
    configure("namespaces: [somewhere-*]");

    assertDenied(LOGS, "alice");
  }

  @Test
  void aUserIsExemptedAndAnotherIsNot() throws Exception {
    configure("users: [alice]");

    assertAllowed(LOGS, "alice");
    assertDenied(LOGS, "bob");
  }

  @Test
  void whatIsBeyondTheBoundsIsDenied() throws Exception {
    configure("namespaces: [" + namespace + "]");

    assertDenied(LOGS.replace("readOnly: true", "readOnly: false"), "alice");
    assertDenied(LOGS.replace("/var/log/pods", "/var/lib"), "alice");
  }

  @Test
  void anExpiredOneNoLongerExemptsAndTheDenialSaysSo() throws Exception {
    configure("namespaces: [" + namespace + "]\n  expires: 2020-01-31");

    assertThat(assertDenied(LOGS, "alice"))
        .contains("(the exemption approved", "expired on 2020-01-31)");
  }

  @Test
  void aWorkloadOfAnExemptedNamespaceIsNeitherDeniedNorWarnedOf() throws Exception {
    var strict = cluster.namespace("strict", Registered.BY_URL);
    configure("namespaces: [" + strict + ", " + namespace + "]");

    for (var exempted : List.of(strict, namespace)) {
      var created = create(exempted, LOGS_OF_A_DEPLOYMENT, "alice");
      assertThat(created.exitCode()).as(created.errors()).isZero();
      assertThat(created.errors()).doesNotContain("HostPathVolumes");
    }
    assertThat(review(strict, "strict", "alice", LOGS_OF_A_DEPLOYMENT).allowed()).isTrue();
  }

  @Test
  void aWorkloadOfAnotherNamespaceIs() throws Exception {
    var strict = cluster.namespace("strict", Registered.BY_URL);
    configure("namespaces: [somewhere-*]");

    var denied = create(strict, LOGS_OF_A_DEPLOYMENT, "alice");
    var warned = create(namespace, LOGS_OF_A_DEPLOYMENT, "alice");

    assertThat(denied.exitCode()).isNotZero();
    assertThat(denied.errors())
        .contains("[HostPathVolumes] spec.template.spec.volumes[0].hostPath");
    assertThat(warned.exitCode()).isZero();
    assertThat(warned.errors()).contains("Warning: pods will be refused: [HostPathVolumes]");
    assertThat(review(strict, "strict", "alice", LOGS_OF_A_DEPLOYMENT).allowed()).isFalse();
  }

  @Test
  void anExemptedUserCreatesPodsAndNotThoseOfHerWorkloads() throws Exception {
    var strict = cluster.namespace("strict", Registered.BY_URL);
    configure("users: [alice]");

    assertThat(create(strict, LOGS, "alice").exitCode()).isZero();
    assertThat(review(strict, "strict", "alice", LOGS).allowed()).isTrue();
    assertThat(create(strict, LOGS_OF_A_DEPLOYMENT, "alice").errors())
        .contains("[HostPathVolumes]");
    assertThat(review(strict, "strict", "alice", LOGS_OF_A_DEPLOYMENT).allowed()).isFalse();
  }

  @Test
  void anExemptionFromTheTimeZoneOfPodsKeepsItFromTheirCronJob() throws Exception {
    var bounded = cluster.namespace(TestProfiles.BOUNDED, Registered.BY_URL);
    var cronJob = Workload.CronJob.yaml("containers: [{name: web, image: nginx}]");

    assertThat(timeZone(bounded, cronJob)).isEqualTo("Asia/Shanghai");

    load(
        "- {rules: [Timezone], namespaces: ["
            + bounded
            + "], pods: {matchLabels: {app: web}}, reason: keeps UTC, approvedBy: a}");

    assertThat(timeZone(bounded, cronJob)).isEmpty();
    assertThat(timeZone(bounded, cronJob.replace("{app: web}", "{app: other}")))
        .isEqualTo("Asia/Shanghai");
  }

  @Test
  void theProposedExemptionIsEnoughAndBoundedToWhatWasFound() throws Exception {
    assertDenied(LOGS, "alice");
    var proposed =
        reviewer("alice")
            .propose(
                PodTemplate.of("v1", "Pod").orElseThrow(),
                "Pod",
                TestYaml.value(LOGS),
                namespace,
                configuration.profileFor(namespace, "standard"),
                PodSecurityLevel.PRIVILEGED)
            .orElseThrow()
            .exemptions()
            .keySet();

    load(
        ConfigurationWriter.form(proposed.iterator().next())
            .replace("reason: ''", "reason: reads logs")
            .replace("approvedBy: ''", "approvedBy: security@example.com"));

    assertThat(proposed).hasSize(1);
    assertAllowed(LOGS, "alice");
    assertDenied(LOGS, "bob");
    assertDenied(LOGS.replace("/var/log/pods", "/var/log"), "alice");
    assertDenied(LOGS.replace("readOnly: true", "readOnly: false"), "alice");
    assertDenied(LOGS.replace("app: filebeat", "app: other"), "alice");
  }

  /** What the API server would store, and a review writes. */
  private String timeZone(String where, String cronJob) throws Exception {
    var created =
        cluster
            .kubectl()
            .succeed(
                cronJob,
                "create",
                "--filename=-",
                "--dry-run=server",
                "--output=jsonpath={.spec.timeZone}",
                "--namespace=" + where);
    var reviewed = review(where, TestProfiles.BOUNDED, "alice", cronJob).object();
    assertThat(reviewed.at("/spec/timeZone").asText()).isEqualTo(created);
    return created;
  }

  private void configure(String selection) throws Exception {
    load(
        """
        - rules: [HostPathVolumes]
          %s
          values: {paths: [/var/log], readOnly: true}
          reason: reads logs
          approvedBy: security@example.com
        """
            .formatted(selection));
  }

  private void load(String exemptions) throws Exception {
    configuration =
        ConfigurationLoader.load(
            TestProfiles.CONFIGURATION + "exemptions:\n" + exemptions, "exemptions");
    cluster.configure(configuration);
  }

  private void assertAllowed(String pod, String user) throws Exception {
    var created = create(pod, user);

    assertThat(created.exitCode()).as(created.errors()).isZero();
    assertThat(isAllowedByReview(pod, user)).isTrue();
  }

  private String assertDenied(String pod, String user) throws Exception {
    var created = create(pod, user);

    assertThat(created.exitCode()).isNotZero();
    assertThat(created.errors()).contains("[HostPathVolumes] spec.volumes[0].hostPath");
    assertThat(isAllowedByReview(pod, user)).isFalse();
    return created.errors();
  }

  private Command.Result create(String pod, String user) throws Exception {
    return create(namespace, pod, user);
  }

  private Command.Result create(String where, String object, String user) throws Exception {
    return cluster
        .kubectl()
        .run(
            object,
            "create",
            "--filename=-",
            "--dry-run=server",
            "--namespace=" + where,
            "--as=" + user,
            "--as-group=" + GROUP);
  }

  private boolean isAllowedByReview(String pod, String user) throws Exception {
    return review(namespace, "standard", user, pod).allowed();
  }

  private TemplateReview review(String where, String profile, String user, String yaml)
      throws Exception {
    JsonNode object = TestYaml.value(yaml);
    return reviewer(user)
        .review(
            object.path("apiVersion").asText(),
            object.path("kind").asText(),
            object,
            where,
            configuration.profileFor(where, profile),
            PodSecurityLevel.PRIVILEGED)
        .orElseThrow();
  }

  private static TemplateReviewer reviewer(String user) {
    return new TemplateReviewer(
        true, Instant.now(), new Requester(user, Set.of(GROUP)), new ReviewCodec());
  }
}
