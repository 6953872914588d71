package dev.gambeson.server;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a connection. */
@Timeout(600)
class ConnectionsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Executor THREADS = Thread::startVirtualThread;

  @Test
  void aConnectionServesManyReviews() throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS);
        var socket = server.connect()) {
      for (int i = 0; i < 3; i++) {
        assertThat(review(socket))
            .startsWith("HTTP/1.1 200 OK")
            .doesNotContain("connection: close");
      }
      assertThat(server.metric("gambeson_connections")).isEqualTo(1);
    }
  }

  @Test
  void anOldConnectionIsClosedWithItsNextAnswer() throws Exception {
    try (var server = TestServer.start(limits(LONG, Duration.ZERO));
        var socket = server.connect()) {
      assertThat(review(socket)).startsWith("HTTP/1.1 200 OK").contains("connection: close");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void onlyTls12AndNewerIsSpokenAndHttp11Only() throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS)) {
      for (var protocol : List.of("TLSv1.2", "TLSv1.3")) {
        try (var socket = (SSLSocket) server.connect()) {
          socket.setEnabledProtocols(new String[] {protocol});
          assertThat(review(socket)).startsWith("HTTP/1.1 200 OK");
          assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
      }
      assertThat(server.post("/mutate", TestServer.REVIEW).version())
          .isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
      })
  void underTls12AuthenticatedEncryptionIsSpoken(String suite) throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS);
        var socket = tls12(server, suite)) {
      assertThat(review(socket)).startsWith("HTTP/1.1 200 OK");
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
      })
  void underTls12NothingElseIsSpoken(String suite) throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS);
        var socket = tls12(server, suite)) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  private static SSLSocket tls12(TestServer server, String suite) throws IOException {
    var socket = (SSLSocket) server.connect();
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    socket.setEnabledCipherSuites(new String[] {suite});
    return socket;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /mutate HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
        "POST /nosuch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n{"
      })
  void aClientThatSendsSlowlyIsCutOff(String beginning) throws Exception {
    try (var server = TestServer.start(limits(Duration.ofSeconds(1), LONG));
        var slow = server.connect();
        var quick = server.connect()) {
      var stopped = new CountDownLatch(1);
      var dribble = dribble(slow, beginning, stopped);

      assertThat(review(quick)).startsWith("HTTP/1.1 200 OK");
      var answer = new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stopped.countDown();

      assertThat(answer).contains("HTTP/1.1 408 Request Timeout");
      assertThat(server.metric("gambeson_bad_requests_total{reason=\"too-slow\"}")).isEqualTo(1);
      dribble.join();
    }
  }

  @Test
  void aRequestWhoseBeginningCameWithAnotherIsCutOffAsWell() throws Exception {
    try (var server = TestServer.start(limits(Duration.ofSeconds(1), LONG));
        var socket = server.connect()) {
      var whole = request(TestServer.REVIEW);
      send(socket, whole + whole.substring(0, whole.length() - 1));

      assertThat(answer(socket)).startsWith("HTTP/1.1 200 OK");
      assertThat(answer(socket)).startsWith("HTTP/1.1 408 Request Timeout");
    }
  }

  @Test
  void aClientThatTakesNoAnswerIsClosed() throws Exception {
    var container = "{\"name\":\"web\",\"image\":\"nginx\"}";
    var many =
        request(TestServer.REVIEW.replace(container, String.join(",", nCopies(400, container))));
    try (var server = TestServer.start(limits(Duration.ofSeconds(2), LONG));
        var socket = server.connect()) {
      // Its own close must not wait for what it sends.
      socket.setSoLinger(true, 0);
      socket.setReceiveBufferSize(4096);
      var sends = CompletableFuture.runAsync(() -> sendForEver(socket, many), THREADS);
      await().atMost(LONG).until(() -> server.metric("gambeson_held_bytes{share=\"large\"}") > 0);

      await().atMost(LONG).until(() -> server.metric("gambeson_connections") == 0);
      assertThat(server.metric("gambeson_held_bytes{share=\"large\"}")).isZero();
      sends.join();
    }
  }

  @Test
  void whereThereAreTooManyTheOneThatIsSilentForLongestEnds() throws Exception {
    try (var server = TestServer.start(limits(LONG, 2, LONG));
        var first = server.connect();
        var second = server.connect()) {
      review(first);
      review(second);
      review(first);
      try (var third = server.connect()) {
        review(third);

        assertThat(second.getInputStream().read()).isEqualTo(-1);
        assertThat(review(first)).startsWith("HTTP/1.1 200 OK");
        assertThat(review(third)).startsWith("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void whoWaitsForAnAnswerGetsItWhoeverConnects() throws Exception {
    var block = new Block(1);
    try (var server = TestServer.start(limits(LONG, 2, LONG), block::configuration);
        var waits = server.connect()) {
      block.arm();
      var answer = CompletableFuture.supplyAsync(() -> reviewUnchecked(waits), THREADS);
      block.awaitInHand();
      try (var idle = server.connect()) {
        askInVain(idle);
        try (var late = server.connect()) {
          assertThat(review(late)).startsWith("HTTP/1.1 200 OK");
          assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
      }
      block.release();

      assertThat(answer.join()).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void whereAllWaitTheNewOneEnds() throws Exception {
    var block = new Block(2);
    try (var server = TestServer.start(limits(LONG, 2, LONG), block::configuration);
        var first = server.connect();
        var second = server.connect()) {
      block.arm();
      var answers =
          Stream.of(first, second)
              .map(socket -> CompletableFuture.supplyAsync(() -> reviewUnchecked(socket), THREADS))
              .toList();
      block.awaitInHand();
      try (var late = server.connect()) {
        assertThat(late.getInputStream().read()).isEqualTo(-1);
      }
      block.release();

      assertThat(answers).allSatisfy(each -> assertThat(each.join()).startsWith("HTTP/1.1 200"));
      assertThat(review(first)).startsWith("HTTP/1.1 200 OK");
      askInVain(second);
      askInVain(first);
      try (var next = server.connect()) {
        assertThat(review(next)).startsWith("HTTP/1.1 200 OK");
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aConnectionThatIsOnlySilentMayStay() throws Exception {
    try (var server = TestServer.start(limits(Duration.ofMillis(500), LONG));
        var socket = server.connect();
        var other = server.connect()) {
      review(socket);
      // Long enough for a deadline that counted silence to have struck.
      var dribble = dribble(other, "POST /mutate HTTP/1.1\r\nX-Slow: ", new CountDownLatch(1));
      other.getInputStream().readAllBytes();
      dribble.join();

      assertThat(review(socket)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void drainingServesOnUnreadyAndSendsClientsAway() throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS);
        var socket = server.connect()) {
      review(socket);
      var drained = CompletableFuture.runAsync(() -> drain(server, Duration.ofSeconds(5)), THREADS);
      await().until(() -> server.manage("/readyz").statusCode() == 503);

      assertThat(server.manage("/readyz").body()).isEqualTo("draining\n");
      assertThat(server.manage("/livez").statusCode()).isEqualTo(200);
      assertThat(review(socket)).startsWith("HTTP/1.1 200 OK").contains("connection: close");
      while (!drained.isDone()) {
        try (var late = server.connect()) {
          assertThat(review(late)).startsWith("HTTP/1.1 200 OK").contains("connection: close");
        }
      }
      drained.join();

      server.server.close();
      assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void drainingLastsAlsoWhileNoClientIsThere() throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS)) {
      long start = System.nanoTime();
      drain(server, LONG);

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(TestServer.LIMITS.propagation(), LONG);
      try (var late = server.connect()) {
        assertThat(review(late)).startsWith("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void drainingWaitsForAClientThatMaySendAgain() throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS);
        var idle = server.connect()) {
      review(idle);

      var drained = CompletableFuture.runAsync(() -> drain(server, LONG), THREADS);

      await()
          .during(TestServer.LIMITS.propagation().plusSeconds(1))
          .atMost(LONG)
          .until(() -> !drained.isDone());
      assertThat(review(idle)).startsWith("HTTP/1.1 200 OK").contains("connection: close");
      drained.get(2, TimeUnit.MINUTES);
    }
  }

  @Test
  void drainingEndsAlsoWhileAClientStays() throws Exception {
    try (var server = TestServer.start(TestServer.LIMITS);
        var idle = server.connect()) {
      review(idle);

      drain(server, TestServer.LIMITS.propagation().plusSeconds(1));

      assertThat(review(idle)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aReviewInHandIsAnsweredBeforeTheEnd() throws Exception {
    var block = new Block(1);
    try (var server = TestServer.start(TestServer.LIMITS, block::configuration);
        var socket = server.connect()) {
      block.arm();
      var answer = CompletableFuture.supplyAsync(() -> reviewUnchecked(socket), THREADS);
      block.awaitInHand();
      var closed = CompletableFuture.runAsync(server.server::close, THREADS);
      await().until(() -> refuses(server));
      block.release();

      assertThat(answer.join()).startsWith("HTTP/1.1 200 OK");
      closed.join();
    }
  }

  @Test
  void reviewsThatTakeLongKeepNoOtherWaiting() throws Exception {
    var block = new Block(3);
    try (var server = TestServer.start(TestServer.LIMITS, block::configuration);
        var first = server.connect();
        var second = server.connect();
        var third = server.connect()) {
      block.arm();
      var slow =
          Stream.of(first, second, third)
              .map(socket -> CompletableFuture.supplyAsync(() -> reviewUnchecked(socket), THREADS))
              .toList();
      block.awaitInHand();

      assertThat(server.post("/mutate", TestServer.REVIEW).statusCode()).isEqualTo(200);

      block.release();
      assertThat(slow).allSatisfy(answer -> assertThat(answer.join()).startsWith("HTTP/1.1 200"));
    }
  }

  private static Limits limits(Duration request, Duration connectionAge) {
    return limits(request, 1000, connectionAge);
  }

  private static Limits limits(Duration request, int connections, Duration connectionAge) {
    return new Limits(
        TestServer.LIMITS.small(),
        TestServer.LIMITS.large(),
        LONG,
        request,
        connections,
        LONG,
        connectionAge,
        LONG);
  }

  /** Sends a review and returns the head of the answer. */
  private static String review(Socket socket) throws IOException {
    send(socket, request(TestServer.REVIEW));
    return answer(socket);
  }

  /** Uses a connection without a review; what it asked for before is done with afterwards. */
  private static void askInVain(Socket socket) throws IOException {
    send(socket, "GET /mutate HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(answer(socket)).startsWith("HTTP/1.1 405");
  }

  private static String request(String body) {
    return "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** The head of an answer. */
  private static String answer(Socket socket) throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
    var answer = new StringBuilder();
    int length = 0;
    for (var line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
      answer.append(line).append('\n');
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    for (int i = 0; i < length; i++) {
      reader.read();
    }
    return answer.toString();
  }

  private static String reviewUnchecked(Socket socket) {
    try {
      return review(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads nothing. */
  private static void sendForEver(Socket socket, String request) {
    try {
      while (true) {
        send(socket, request);
      }
    } catch (IOException e) {
      // The server has closed the connection.
    }
  }

  private static CompletableFuture<Void> dribble(
      Socket socket, String beginning, CountDownLatch stopped) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            while (!stopped.await(50, TimeUnit.MILLISECONDS)) {
              socket.getOutputStream().write('a');
            }
          } catch (IOException | InterruptedException e) {
            // The server has cut the connection.
          }
        },
        THREADS);
  }

  private static void drain(TestServer server, Duration time) {
    try {
      server.server.drain(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean refuses(TestServer server) {
    try {
      server.connect().close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
