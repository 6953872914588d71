package dev.gambeson.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates a pod 50 times a second, without storing any, and keeps what came of each. While too many
 * answers are awaited it creates none: more than 100 are refused by the HTTP client itself.
 */
final class Load implements AutoCloseable {
  private static final int PER_SECOND = 50;
  private static final int AT_A_TIME = 80;

  private final Pod pod = KubectlCluster.pod().build();
  private final KubectlCluster cluster;
  private final String namespace;
  private final AtomicInteger fixed = new AtomicInteger();
  private final AtomicInteger untouched = new AtomicInteger();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Semaphore free = new Semaphore(AT_A_TIME);
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> ticks;

  Load(KubectlCluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    ticks = clock.scheduleAtFixedRate(this::tick, 0, 1000 / PER_SECOND, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    if (free.tryAcquire()) {
      requests.execute(this::create);
    }
  }

  private void create() {
    try {
      (KubectlCluster.isFixed(cluster.dryRun(namespace, pod)) ? fixed : untouched)
          .incrementAndGet();
    } catch (KubernetesClientException e) {
      refused.add("%s: %s".formatted(Instant.now(), reason(e)));
    } finally {
      free.release();
    }
  }

  /** What the API server said, or else what kept the request from it. */
  private static String reason(Throwable e) {
    var cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  /** How many pods were fixed and passed. */
  int fixed() {
    return fixed.get();
  }

  /** How many passed as they were. */
  int untouched() {
    return untouched.get();
  }

  /** When and why the others did not pass. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  /** Ends it, once every answer is there. */
  @Override
  public void close() {
    ticks.cancel(false);
    clock.close();
    requests.close();
  }
}
