package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Good reviews get their verdicts beside 200 clients that declare 16 MiB and stay silent, and 200
 * that send a byte a second; who is cut off comes again. {@code -Dgambeson.silent=PT2M} goes on for
 * as long, with 50 reviews a second, and prints how long they took.
 */
@Timeout(600)
class GoodReviewsTest {
  private static final int EACH = 200;
  private static final int REVIEWS_PER_SECOND = 50;
  private static final Duration TIME =
      Duration.parse(System.getProperty("gambeson.silent", "PT2S"));

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger arrived = new AtomicInteger();

  @Test
  void besideSilentAndTricklingClients() throws Exception {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    try (var server = TestServer.start(Limits.forHeap(256L * 1024 * 1024))) {
      for (int i = 0; i < EACH; i++) {
        threads.execute(() -> send(server, ""));
        threads.execute(() -> send(server, "{"));
      }
      await().atMost(Duration.ofMinutes(2)).until(() -> arrived.get() >= 2 * EACH);

      var times = new ArrayList<CompletableFuture<Duration>>();
      long reviews = TIME.toSeconds() * REVIEWS_PER_SECOND;
      for (long i = 0; i < reviews; i++) {
        times.add(CompletableFuture.supplyAsync(() -> review(server), threads));
        TimeUnit.MILLISECONDS.sleep(1000 / REVIEWS_PER_SECOND);
      }
      print(times.stream().map(CompletableFuture::join).sorted().toList());
    } finally {
      over.countDown();
    }
  }

  private static Duration review(TestServer server) {
    long start = System.nanoTime();
    try {
      var answer =
          server.client.send(
              server
                  .request("/mutate")
                  .timeout(Duration.ofMinutes(5))
                  .POST(BodyPublishers.ofString(TestServer.REVIEW))
                  .build(),
              TestServer.text());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"patch\":");
      return Duration.ofNanos(System.nanoTime() - start);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends the same again each second, until the end; and comes again when it is cut off. */
  private void send(TestServer server, String each) {
    while (over.getCount() > 0) {
      try (var connection = server.raw()) {
        connection.begin("/mutate", Limits.DEFAULTS.large().body());
        arrived.incrementAndGet();
        do {
          connection.send(each);
        } while (!over.await(1, TimeUnit.SECONDS));
      } catch (IOException | InterruptedException e) {
        // Cut off.
      }
    }
  }

  private static void print(List<Duration> times) {
    System.out.printf(
        "%d good reviews: p50 %d ms, p99 %d ms, max %d ms%n",
        times.size(),
        times.get(times.size() / 2).toMillis(),
        times.get(times.size() * 99 / 100).toMillis(),
        times.getLast().toMillis());
  }
}
