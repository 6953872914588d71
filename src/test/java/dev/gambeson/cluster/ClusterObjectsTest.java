package dev.gambeson.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.RunningPods;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads clusters that are too large for one page. {@code -Dgambeson.pods=150000
 * -Dgambeson.workloads=5000} make one as large as Kubernetes allows, and print time and memory.
 */
class ClusterObjectsTest {
  private static final int WORKLOADS = Integer.getInteger("gambeson.workloads", 120);
  private static final int PODS = Integer.getInteger("gambeson.pods", 3600);

  @TempDir Path folder;

  @Test
  void thePodsOfAWorkloadAreOne() throws Exception {
    try (var api = new GeneratedApi(WORKLOADS, PODS)) {
      long begun = System.nanoTime();

      var read = read(api);

      print(Duration.ofNanos(System.nanoTime() - begun));
      assertThat(read.problems()).isEmpty();
      assertThat(kinds(read, "Deployment")).hasSize(WORKLOADS);
      assertThat(kinds(read, "ReplicaSet")).isEmpty();
      assertThat(kinds(read, "Pod")).isEmpty();
      assertThat(read.pods()).hasSize(WORKLOADS);
      assertThat(read.pods().stream().mapToLong(RunningPods::count).sum()).isEqualTo(PODS);
      assertThat(read.pods().getFirst())
          .extracting(RunningPods::workloadKind, RunningPods::workload)
          .containsExactly("Deployment", "web-0");
      assertThat(api.requests())
          .filteredOn(request -> request.contains("/pods"))
          .hasSize(Math.ceilDiv(PODS, 500))
          .allMatch(request -> request.contains("limit=500"));
    }
  }

  private static void print(Duration time) {
    if (Integer.getInteger("gambeson.pods") != null) {
      System.gc();
      long kept = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      long peak =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .mapToLong(pool -> pool.getPeakUsage().getUsed())
              .sum();
      System.out.printf(
          "%d pods of %d workloads: %.1f s, %d MiB kept, peak of the heap %d MiB%n",
          PODS, WORKLOADS, time.toMillis() / 1000.0, kept >> 20, peak >> 20);
    }
  }

  @Test
  void aListWhoseTokenExpiresIsBegunAnewAndCountedOnce() throws Exception {
    try (var api = new GeneratedApi(600, 1800).expire("pods", 1000).expire("deployments", 500)) {
      var read = read(api);

      assertThat(read.problems()).isEmpty();
      assertThat(kinds(read, "Deployment")).hasSize(600).doesNotHaveDuplicates();
      assertThat(read.pods().stream().mapToLong(RunningPods::count).sum()).isEqualTo(1800);
    }
  }

  @Test
  void aPageThatBreaksOffIsNotCounted() throws Exception {
    try (var api = new GeneratedApi(10, 1800).breakOff("pods", 500)) {
      var read = read(api);

      assertThat(read.problems()).isEmpty();
      assertThat(read.pods().stream().mapToLong(RunningPods::count).sum()).isEqualTo(1800);
    }
  }

  @Test
  void whatIsForbiddenIsSaidAndTheRestIsRead() throws Exception {
    try (var api = new GeneratedApi(10, 30).forbid("cronjobs").forbid("priorityclasses")) {
      var read = read(api);

      assertThat(read.problems())
          .containsExactly("cronjobs are not read: cronjobs is forbidden: User u cannot list it");
      assertThat(read.remarks())
          .containsExactly(
              "priorityclasses are not read: priorityclasses is forbidden: User u cannot list it");
      assertThat(kinds(read, "Deployment")).hasSize(10);
    }
  }

  @Test
  void podsWhoseWorkloadsAreForbiddenStandForThem() throws Exception {
    try (var api = new GeneratedApi(10, 300).forbid("deployments").forbid("replicasets")) {
      var read = read(api);

      assertThat(kinds(read, "Pod")).hasSize(10);
      assertThat(read.pods().getFirst())
          .extracting(RunningPods::workloadKind, RunningPods::workload, RunningPods::count)
          .containsExactly("ReplicaSet", "web-0-5d4", 30L);
    }
  }

  @Test
  void progressNamesWhatIsReadAndHowMuchThereIs() throws Exception {
    var shown = new ArrayList<String>();
    try (var api = new GeneratedApi(10, 1200)) {
      ClusterObjects.read(
          api.access(folder), null, (what, done, all) -> shown.add(what + " " + done + "/" + all));
    }

    assertThat(shown).contains("pods 500/1200", "pods 1000/1200", "pods 1200/1200");
  }

  private ClusterObjects read(GeneratedApi api) throws IOException, UnreadableClusterException {
    return ClusterObjects.read(api.access(folder), null, ClusterProgress.NONE);
  }

  private static List<KubernetesObject> kinds(ClusterObjects read, String kind) {
    return read.objects().stream().filter(object -> object.kind().equals(kind)).toList();
  }
}
