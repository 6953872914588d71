package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.apiserver.Cluster.Registered;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is null in a list, as the API server reads it and as a review does. */
@ExtendWith(ClusterExtension.class)
class NullsTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec: {%s}
      """;

  private final Cluster cluster;
  private final ReviewCodec codec = new ReviewCodec();

  NullsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          containers: [{name: a, image: a, args: [null]}]                                        | /spec/containers/0/args
          containers: [{name: a, image: a, command: [b, null]}]                                  | /spec/containers/0/command
          containers: [{name: a, image: a, securityContext: {capabilities: {drop: [null]}}}]     | /spec/containers/0/securityContext/capabilities/drop
          containers: [{name: a, image: a}], securityContext: {supplementalGroups: [null, 7]}    | /spec/securityContext/supplementalGroups
          containers: [{name: a, image: a}], imagePullSecrets: [null]                            | /spec/imagePullSecrets
          containers: [{name: a, image: a}], volumes: [{name: a, projected: {sources: [null]}}]  | /spec/volumes/0/projected/sources
          containers: [{name: a, image: a}], affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [null]}}} | /spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms
          """)
  void isEmpty(String spec, String list) throws Exception {
    var pod = Pods.pod(POD.formatted(spec));

    var stored = dryRun(pod);

    assertThat(stored.accepted()).as(stored.message()).isTrue();
    assertThat(codec.json(codec.pod(pod)).at(list).toString())
        .isEqualTo(stored.body().at(list).toString())
        .doesNotContain("null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containers: [null]",
        "containers: [{name: a, image: a, env: [null]}]",
        "containers: [{name: a, image: a}], volumes: [null]",
        "containers: [{name: a, image: a}], tolerations: [null]"
      })
  void isRefusedWhereAnObjectNeedsFields(String spec) throws Exception {
    var pod = Pods.pod(POD.formatted(spec));

    assertThat(dryRun(pod).accepted()).isFalse();
    assertThatThrownBy(() -> codec.pod(pod))
        .isInstanceOf(MalformedReviewException.class)
        .hasMessageContaining("is null in a list");
  }

  private PodApi.Answer dryRun(JsonNode pod) throws IOException, InterruptedException {
    return cluster.pods().dryRun(cluster.namespace("standard", Registered.NOT), pod);
  }
}
