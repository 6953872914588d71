package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that fixes leave alone, on a real API server, where a review must say the same. */
@ExtendWith(ClusterExtension.class)
class ExceptedPodsInClusterTest {
  private final Cluster cluster;

  ExceptedPodsInClusterTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void noFixOfStrictReachesAVirtualMachine() throws Exception {
    var plain = Pods.plain("vm");
    var ofVirtualMachine = owned(plain, "VirtualMachineInstance");

    assertThat(fixed("strict", plain)).isNotEqualTo(untouched("strict", plain));
    assertThat(fixed("strict", ofVirtualMachine)).isEqualTo(untouched("strict", ofVirtualMachine));
    assertThat(fixed("strict", owned(plain, "VirtualMachineFarm")))
        .isNotEqualTo(untouched("strict", plain));
  }

  @Test
  void whatAVirtualMachineLacksIsRefusedAllTheSame() throws Exception {
    var pod = owned(Pods.plain("vm"), "VirtualMachineInstance");

    var answer = cluster.pods().dryRun(cluster.namespace("strict", Registered.BY_URL), pod);

    assertThat(answer.status()).isEqualTo(403);
    var findings = review("strict", pod).findings();
    assertThat(answer.message())
        .contains(findings.getFirst().message(FieldPath.ROOT), "[Capabilities] container \"web\": ")
        .doesNotContain("did not reach this pod");
    assertThat(findings.getFirst().isEnforced()).isTrue();
  }

  @Test
  void aPodThatItsNodeWaitsForKeepsTheResolverOfTheNode() throws Exception {
    var pod = Pods.plain("network");
    pod.withObject("/spec").put("hostNetwork", true);
    var critical = pod.deepCopy();
    critical.withObject("/spec").put("priorityClassName", "system-node-critical");

    assertThat(fixed("standard", pod).path("dnsPolicy").asText())
        .isEqualTo("ClusterFirstWithHostNet");
    assertThat(fixed("standard", critical).path("dnsPolicy").asText()).isEqualTo("ClusterFirst");
  }

  /** The spec of a pod that came past the mutating webhook, which is that of its review. */
  private JsonNode fixed(String profile, ObjectNode pod) throws Exception {
    var fixed = spec(cluster.namespace(profile, Registered.TO_MUTATE), pod);
    assertThat(fixed).isEqualTo(untouched(profile, review(profile, pod).object()));
    return fixed;
  }

  private JsonNode untouched(String profile, JsonNode pod) throws Exception {
    return spec(cluster.namespace(profile, Registered.NOT), pod);
  }

  private JsonNode spec(String namespace, JsonNode pod) throws Exception {
    var answer = cluster.pods().dryRun(namespace, pod);
    assertThat(answer.accepted()).as(answer::message).isTrue();
    return Pods.comparable(answer.body()).path("spec");
  }

  private TemplateReview review(String profile, ObjectNode pod) throws Exception {
    return new TemplateReviewer(true, Instant.now(), Requester.UNKNOWN, new ReviewCodec())
        .review(
            "v1",
            "Pod",
            pod,
            "shop",
            cluster.configuration().profileFor("shop", profile),
            PodSecurityLevel.PRIVILEGED)
        .orElseThrow();
  }

  private static ObjectNode owned(ObjectNode pod, String kind) {
    var owned = pod.deepCopy();
    owned
        .withObject("/metadata")
        .set(
            "ownerReferences",
            Pods.json(
                "[{apiVersion: kubevirt.io/v1, kind: %s, name: vm, uid: 7d0a4b3e, controller: true}]"
                    .formatted(kind)));
    return owned;
  }
}
