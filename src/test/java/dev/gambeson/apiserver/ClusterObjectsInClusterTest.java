package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.cluster.ClusterAccess;
import dev.gambeson.cluster.ClusterObjects;
import dev.gambeson.cluster.ClusterProgress;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.review.RunningPods;
import dev.gambeson.rule.Requester;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is read from a live cluster is what its authors wrote. */
@ExtendWith(ClusterExtension.class)
class ClusterObjectsInClusterTest {
  private static final String CONTAINERS = "containers: [{name: web, image: nginx}]";

  private final Cluster cluster;
  private String namespace = "";

  ClusterObjectsInClusterTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void createNamespace() {
    namespace = cluster.namespace(Registered.NOT, Map.of());
  }

  @Test
  void aPodWithoutAControllerIsJudgedAsItWasWritten() throws Exception {
    var written = Pods.plain("bare");
    written.withObject("/spec").put("terminationGracePeriodSeconds", 5);
    create(written);

    var read = read();

    var live = only(read, "Pod");
    assertThat(live.value().at("/metadata").has("uid")).isFalse();
    assertThat(live.value().path("spec").properties())
        .extracting(Map.Entry::getKey)
        .doesNotContain("tolerations", "volumes", "nodeName", "priority");
    for (var profile : List.of("observe", "standard", "strict")) {
      var judged = judge(live, profile);
      var expected = judge(new KubernetesObject("v1", "Pod", FieldPath.ROOT, written), profile);
      assertThat(paths(judged)).isEqualTo(paths(expected));
      assertThat(judged.review().findings()).isEqualTo(expected.review().findings());
    }
  }

  @Test
  void workloadsStandForWhatTheyControl() throws Exception {
    for (var workload : Workload.values()) {
      cluster
          .client()
          .resource(
              workload.yaml(CONTAINERS).replace("name: web}\n", "name: " + name(workload) + "}\n"))
          .inNamespace(namespace)
          .create();
    }
    // Of a CronJob, as the controller makes it at three in the morning.
    create(owned(Pods.pod(Workload.Job.yaml(CONTAINERS)), "batch/v1", "CronJob", "at-night", "c"));

    var read = read();

    assertThat(read.objects())
        .filteredOn(object -> !object.kind().equals("PriorityClass"))
        .extracting(KubernetesObject::kind)
        .contains(
            "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job")
        .doesNotContain("Pod")
        .filteredOn(kind -> List.of("ReplicaSet", "Job", "CronJob").contains(kind))
        .containsExactlyInAnyOrder("ReplicaSet", "Job", "CronJob");
  }

  @Test
  void podsOfADeploymentAreCountedForIt() throws Exception {
    cluster
        .client()
        .resource(
            Workload.Deployment.yaml(CONTAINERS)
                .replace("spec: {selector", "spec: {replicas: 3, selector"))
        .inNamespace(namespace)
        .create();

    await("the pods")
        .atMost(Cluster.PATIENCE)
        .untilAsserted(() ->
            assertThat(read().pods())
                .extracting(RunningPods::workloadKind, RunningPods::workload, RunningPods::count)
                .containsExactly(tuple("Deployment", "web", 3L)));
    assertThat(read().objects()).extracting(KubernetesObject::kind).doesNotContain("ReplicaSet");
  }

  @Test
  void onePodOfAnOperatorStandsForAllThatAreAlike() throws Exception {
    for (var name : List.of("db-0", "db-1", "db-2")) {
      var pod = owned(Pods.plain(name), "db.example/v1", "Database", "db", "7d0a4b3e");
      pod.withObject("/metadata/labels").put("controller-revision-hash", "one");
      create(pod);
    }
    create(owned(Pods.plain("db-pooler"), "db.example/v1", "Database", "db", "7d0a4b3e"));

    var read = read();

    assertThat(read.objects()).filteredOn(object -> object.kind().equals("Pod")).hasSize(2);
    assertThat(read.pods())
        .extracting(RunningPods::workloadKind, RunningPods::workload, RunningPods::count)
        .containsExactlyInAnyOrder(tuple("Database", "db", 3L), tuple("Database", "db", 1L));
  }

  @Test
  void aDeploymentOfAnOperatorIsJudgedItself() throws Exception {
    var deployment = Pods.pod(Workload.Deployment.yaml(CONTAINERS));
    create(owned(deployment, "db.example/v1", "Database", "db", "7d0a4b3e"));

    var read = only(read(), "Deployment");

    assertThat(judge(read, "strict").review().changed()).isTrue();
  }

  @Test
  void aNamespaceThatDoesNotExistIsNamed() {
    var access = new ClusterAccess(cluster.apiServer().kubeconfig(), null);

    assertThatThrownBy(() -> ClusterObjects.read(access, "nowhere", ClusterProgress.NONE))
        .isInstanceOf(UnreadableClusterException.class)
        .hasMessageContaining("there is no namespace \"nowhere\" in the cluster");
  }

  /** What fixes would change; what stood there before may be a default of the API server. */
  private static List<FieldPath> paths(JudgedObject judged) {
    return Stream.concat(judged.review().fixed().stream(), judged.review().audited().stream())
        .flatMap(fix -> fix.paths().stream())
        .toList();
  }

  private static String name(Workload workload) {
    return workload.name().toLowerCase(Locale.ROOT);
  }

  private void create(ObjectNode object) {
    cluster.client().resource(object.toString()).inNamespace(namespace).create();
  }

  private static ObjectNode owned(
      ObjectNode object, String apiVersion, String kind, String name, String uid) {
    object
        .withObject("/metadata")
        .set(
            "ownerReferences",
            Pods.json(
                "[{apiVersion: %s, kind: %s, name: %s, uid: %s, controller: true}]"
                    .formatted(apiVersion, kind, name, uid)));
    return object;
  }

  private ClusterObjects read() throws UnreadableClusterException {
    return ClusterObjects.read(
        new ClusterAccess(cluster.apiServer().kubeconfig(), null), namespace, ClusterProgress.NONE);
  }

  private static KubernetesObject only(ClusterObjects read, String kind) {
    return read.objects().stream()
        .filter(object -> object.kind().equals(kind))
        .reduce((one, other) -> {
          throw new AssertionError("two: " + one + other);
        })
        .orElseThrow();
  }

  private JudgedObject judge(KubernetesObject object, String profile) throws Exception {
    var terms =
        new ReviewTerms(
            cluster.configuration(),
            cluster.configuration().choose(profile).orElseThrow(),
            namespace,
            Instant.EPOCH,
            Requester.UNKNOWN,
            false);
    return new ObjectReview(terms, Stream.of()).judge(object).orElseThrow();
  }
}
