package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.apiserver.Cluster.Registered;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fields that the API server knows and our model of the API does not. */
@ExtendWith(ClusterExtension.class)
class UnknownFieldsTest {
  private final Cluster cluster;

  UnknownFieldsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void surviveTheFixes() throws IOException, InterruptedException {
    assertThat(PodSpec.class.getMethods())
        .as("choose another field: this one is known by now")
        .noneMatch(method -> method.getName().equals("getSchedulingGroup"));
    var group = Pods.json("{podGroupName: workers}");
    var pod = Pods.plain("web");
    pod.withObject("/spec").set("schedulingGroup", group);

    var stored = cluster.pods().create(cluster.namespace("strict", Registered.BY_URL), pod).body();

    assertThat(stored.at("/spec/schedulingGroup")).isEqualTo(group);
    assertThat(stored.at("/spec/containers/0/securityContext/runAsNonRoot").asBoolean()).isTrue();
  }
}
