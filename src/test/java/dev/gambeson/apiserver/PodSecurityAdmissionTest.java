package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.apiserver.Cluster.Registered;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kubernetes' own Pod Security admission, which judges what our fixes leave. */
@ExtendWith(ClusterExtension.class)
class PodSecurityAdmissionTest {
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

  private final Cluster cluster;

  PodSecurityAdmissionTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void admitsAPlainPodThroughStrictWhereItEnforcesRestricted()
      throws IOException, InterruptedException {
    var alone = cluster.namespace(Registered.NOT, Map.of(ENFORCE, "restricted"));
    var hardened =
        cluster.namespace(
            Registered.BY_URL, Map.of(ENFORCE, "restricted", Webhooks.PROFILE, "strict"));

    var refused = cluster.pods().create(alone, Pods.plain("web"));
    var admitted = cluster.pods().create(hardened, Pods.plain("web"));

    assertThat(refused.message()).contains("violates PodSecurity \"restricted:latest\"");
    assertThat(admitted.accepted()).as(admitted::message).isTrue();
  }
}
