package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationLoader;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kubernetes' own Pod Security admission, which judges what our fixes leave. */
@ExtendWith(ClusterExtension.class)
class PodSecurityAdmissionTest {
  private final Cluster cluster;

  PodSecurityAdmissionTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void admitsAPlainPodThroughStrictWhereItEnforcesRestricted()
      throws IOException, InterruptedException {
    var alone = cluster.namespace(Registered.NOT, Map.of(Webhooks.LEVEL, "restricted"));
    var hardened =
        cluster.namespace(
            Registered.BY_URL, Map.of(Webhooks.LEVEL, "restricted", Webhooks.PROFILE, "strict"));

    var refused = cluster.pods().create(alone, Pods.plain("web"));
    var admitted = cluster.pods().create(hardened, Pods.plain("web"));

    assertThat(refused.message()).contains("violates PodSecurity \"restricted:latest\"");
    assertThat(admitted.accepted()).as(admitted::message).isTrue();
  }

  /** The profile's version counts, and not the one that the namespace names for the plugin. */
  @ParameterizedTest
  @CsvSource({
    "baseline,   v1.28,  true",
    "baseline,   v1.29,  false",
    "baseline,   latest, false",
    "restricted, v1.0,   true",
    "privileged, v1.0,   false"
  })
  void aProfileJudgesByItsOwnVersion(String level, String version, boolean refused)
      throws Exception {
    var namespace =
        cluster.namespace(
            Registered.BY_URL,
            Map.of(Webhooks.LEVEL, "privileged", Webhooks.LEVEL + "-version", "v1.29"));
    var pod = Pods.plain("web");
    pod.withObject("/spec/securityContext")
        .set("sysctls", Pods.json("[{name: net.ipv4.tcp_fin_timeout, value: '30'}]"));
    cluster.configure(
        ConfigurationLoader.load(
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            defaultProfile: versioned
            profiles:
              versioned: {podSecurity: {enforce: %s, version: %s}}
            """
                .formatted(level, version),
            "a version"));
    try {
      var answer = cluster.pods().dryRun(namespace, pod);

      assertThat(answer.message().contains("[Sysctls] spec.securityContext.sysctls[0].name"))
          .as(answer::message)
          .isEqualTo(refused);
      assertThat(answer.accepted()).isEqualTo(!refused);
    } finally {
      cluster.configure(cluster.configuration());
    }
  }
}
