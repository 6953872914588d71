package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.pod.PodGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pod that the API server accepts without our fixes is accepted with them, and not refused by us
 * for what they brought.
 */
@ExtendWith(ClusterExtension.class)
class AcceptedPodsTest {
  private static final int PODS = 300;

  /** Whose violation it is, without its place: what a fix takes out moves what comes after it. */
  private static final Pattern VIOLATION =
      Pattern.compile("^\\[\\w+] (container \"[^\"]*\")?", Pattern.MULTILINE);

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
    var plain = cluster.namespace(profile, Registered.NOT);
    var judged = cluster.namespace(profile, Registered.TO_VALIDATE);
    var installed = cluster.namespace(profile, Registered.BY_URL);
    for (var namespace : List.of(plain, judged, installed)) {
      cluster.createServiceAccount(namespace, "builder");
    }
    int accepted = 0;
    int refused = 0;
    var softly = new SoftAssertions();
    for (long seed = 1; seed <= PODS; seed++) {
      var pod = PodGenerator.pod(seed);
      if (cluster.pods().dryRun(plain, pod).accepted()) {
        accepted++;
        var asItCame = violations(cluster.pods().dryRun(judged, unowned(pod)));
        var fixed = violations(cluster.pods().dryRun(installed, pod));
        refused += fixed.isEmpty() ? 0 : 1;
        softly.assertThat(asItCame).as("PodGenerator.pod(%dL)", seed).containsAll(fixed);
      }
    }
    softly.assertAll();
    assertThat(accepted).as("pods accepted unfixed").isGreaterThan(PODS / 4);
    assertThat(refused).as("pods that break the profile").isBetween(1, accepted - 1);
  }

  /** What a pod of no controller breaks is told in full. */
  private static ObjectNode unowned(ObjectNode pod) {
    var copy = pod.deepCopy();
    copy.withObject("/metadata").remove("ownerReferences");
    return copy;
  }

  /** Of a denial of ours; any other is one itself. */
  private static Set<String> violations(PodApi.Answer answer) {
    return answer.message().startsWith("admission webhook ")
        ? VIOLATION
            .matcher(answer.message().replaceFirst("denied the request: ", "\n"))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new))
        : answer.accepted() ? Set.of() : Set.of(answer.message());
  }
}
