package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.cluster.GeneratedApi;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterReviewCommandTest {
  @TempDir Path folder;

  @Test
  void manyReplicasAreOneLine() throws Exception {
    try (var api = new GeneratedApi(3, 900)) {
      var kubeconfig = Objects.requireNonNull(api.access(folder).kubeconfig()).toString();

      var review =
          Invocation.of("review", "--cluster", "-A", "--kubeconfig", kubeconfig, "-p", "strict");

      assertThat(review.exitCode()).as(review.err()).isZero();
      assertThat(review.flow())
          .contains(
              "configuration: the built-in profiles, because there is no release of Gambeson in the cluster")
          .containsOnlyOnce("RUNS, CHANGED Deployment team-0/web-0 (profile strict)")
          .contains("3 objects with a pod: 0 refused, 3 changed");
      assertThat(review.err())
          .contains("no webhook of Gambeson is registered in the cluster")
          .doesNotContain("\033");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --cluster -o yaml      | a live cluster has none: use text, json, junit or html
          --cluster -o diff      | a live cluster has none: use text, json, junit or html
          --cluster web.yaml     | --cluster and files: give one of them
          --cluster -A -n shop   | --all-namespaces and --namespace: give one of them
          -A web.yaml            | --all-namespaces is for --cluster
          --stale web.yaml       | --stale is for --cluster
          """)
  void whatMakesNoSenseIsRefused(String arguments, String message) {
    var review = Invocation.of(("review " + arguments).split(" +"));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err()).contains(message);
  }
}
