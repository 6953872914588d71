package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.Command;
import dev.gambeson.admission.Configuration;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rules.PodSecurityLevel;
import dev.gambeson.rules.Requester;
import dev.gambeson.yaml.YamlReader;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exemptions on a real API server, where a review must say the same. */
@ExtendWith(ClusterExtension.class)
class ExemptionsTest {
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

  private final Cluster cluster;
  private final String namespace;
  private Configuration configuration;

  ExemptionsTest(Cluster cluster) {
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
        .contains("(the exemption approved by security@example.com expired on 2020-01-31)");
  }

  private void configure(String selection) throws Exception {
    configuration =
        ConfigurationLoader.load(
            TestProfiles.CONFIGURATION
                + """
                exemptions:
                - rules: [HostPathVolumes]
                  %s
                  values: {paths: [/var/log], readOnly: true}
                  reason: reads logs
                  approvedBy: security@example.com
                """
                    .formatted(selection),
            "exemptions");
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
    return cluster
        .kubectl()
        .run(
            pod,
            "create",
            "--filename=-",
            "--dry-run=server",
            "--namespace=" + namespace,
            "--as=" + user,
            "--as-group=" + GROUP);
  }

  private boolean isAllowedByReview(String pod, String user) throws Exception {
    JsonNode object = YamlReader.readAll(pod).getFirst().value();
    return new TemplateReviewer(
            true, Instant.now(), new Requester(user, Set.of(GROUP)), new ReviewCodec())
        .review(
            "v1",
            "Pod",
            object,
            namespace,
            configuration.profileFor(namespace, "standard"),
            PodSecurityLevel.PRIVILEGED)
        .orElseThrow()
        .allowed();
  }
}
