package dev.gambeson.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watch on one object of an API server that misbehaves. */
class WatchedObjectTest {
  private static final Duration LIFE = Duration.ofMillis(500);

  private final AtomicInteger watches = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private KubernetesClient client;
  private WatchedObject<ConfigMap> watched;
  private volatile int version = 1;
  private volatile boolean lists = true;

  @BeforeEach
  void start() throws IOException {
    listen(0);
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withOnlyHttpWatches(true)
            .build();
    client = ReleaseController.client(config);
    watched =
        new WatchedObject<>(
            "ConfigMap shop/web",
            client.configMaps().inNamespace("shop").withName("web"),
            () -> {},
            LIFE);
    soon().until(() -> seen() == 1 && watches.get() > 0);
  }

  @AfterEach
  void stop() {
    watched.close();
    client.close();
    end.countDown();
    server.stop(0);
  }

  @Test
  void aWatchThatDiedWithoutASignIsFollowedByAnother() {
    version = 2;

    soon().until(() -> seen() == 2);

    assertThat(watched.failure()).isEmpty();
  }

  @Test
  void anAnswerThatNeverEndsIsLetGoOf() {
    lists = false;
    soon().until(() -> seen() == 1 && unanswered.get() > 0);
    version = 2;
    lists = true;

    soon().until(() -> seen() == 2);
  }

  @Test
  void anApiServerThatIsGoneShowsAndItsReturnHeals() throws IOException {
    int port = server.getAddress().getPort();
    server.stop(0);

    soon().until(() -> seen() == 1 && watched.failure().isPresent());
    assertThat(watched.failure().orElseThrow()).startsWith("ConfigMap shop/web is not watched: ");

    version = 2;
    listen(port);

    soon().until(() -> seen() == 2 && watched.failure().isEmpty());
  }

  private int seen() {
    watched.keepWatching();
    return watched
        .now()
        .map(map -> Integer.parseInt(map.getMetadata().getResourceVersion()))
        .orElse(0);
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }

  private void listen(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (exchange.getRequestURI().getQuery().contains("watch=true")) {
      watches.incrementAndGet();
      neverAnswer(exchange);
    } else if (!lists) {
      unanswered.incrementAndGet();
      neverAnswer(exchange);
    } else {
      var list =
          """
          {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": "%1$d"},
           "items": [{"metadata": {"name": "web", "namespace": "shop", "resourceVersion": "%1$d"}}]}
          """
              .formatted(version)
              .getBytes(UTF_8);
      exchange.sendResponseHeaders(200, list.length);
      exchange.getResponseBody().write(list);
      exchange.close();
    }
  }

  /** The head of an answer, and nothing more. */
  private void neverAnswer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }
}
