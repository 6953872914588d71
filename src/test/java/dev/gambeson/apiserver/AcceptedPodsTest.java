package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.pod.PodGenerator;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod that the API server accepts without our fixes is accepted with them. */
@ExtendWith(ClusterExtension.class)
class AcceptedPodsTest {
  private static final int PODS = 300;

  private final Cluster cluster;

  AcceptedPodsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "standard",
        "strict",
        TestProfiles.NODE_FILES,
        TestProfiles.IMAGE_FILES,
        TestProfiles.OF_THE_ADMINISTRATOR
      })
  void stayAccepted(String profile) throws IOException, InterruptedException {
    var unfixed = cluster.namespace(profile, Registered.NOT);
    var fixed = cluster.namespace(profile, Registered.TO_MUTATE);
    for (var namespace : List.of(unfixed, fixed)) {
      cluster.createServiceAccount(namespace, "builder");
    }
    int accepted = 0;
    var softly = new SoftAssertions();
    for (long seed = 1; seed <= PODS; seed++) {
      var pod = PodGenerator.pod(seed);
      if (cluster.pods().dryRun(unfixed, pod).accepted()) {
        accepted++;
        var answer = cluster.pods().dryRun(fixed, pod);
        softly.assertThat(answer.message()).as("PodGenerator.pod(%dL)", seed).isEmpty();
      }
    }
    softly.assertAll();
    assertThat(accepted).as("pods accepted unfixed").isGreaterThan(PODS / 4);
  }
}
