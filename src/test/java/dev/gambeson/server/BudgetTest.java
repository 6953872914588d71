package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.admission.Configuration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of large reviews, as many as there is memory for are answered, and what each took comes back. */
@Timeout(60)
class BudgetTest {
  /** Of one body, and of all. */
  private static final int BOUND = 200_000;

  private static final int HALF = BOUND / 2;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Limits LIMITS =
      new Limits(BOUND, BOUND, Duration.ofSeconds(5), LONG, LONG, LONG);

  /** What the server under test is asked to use. */
  private static volatile Supplier<Configuration> configuration = BudgetTest::good;

  private static TestServer server;

  @BeforeAll
  static void start() throws StartupException {
    server = TestServer.start(LIMITS, () -> configuration.get());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void theBudgetIsWhole() throws Exception {
    configuration = BudgetTest::good;
    await().untilAsserted(() -> assertThat(post(review(BOUND))).isEqualTo(200));
    try (var all = server.connect()) {
      begin(all, BOUND);
      awaitNoRoom();
      send(all, review(BOUND));
      assertThat(status(all)).isEqualTo(200);
    }
  }

  @Test
  void ofThreeTheTwoThatFitAreAnswered() throws Exception {
    var review = review(HALF);
    try (var first = server.connect();
        var second = server.connect();
        var third = server.connect()) {
      for (var each : List.of(first, second)) {
        begin(each, HALF);
        send(each, review.substring(0, HALF / 2));
      }
      awaitNoRoom();
      begin(third, HALF);
      send(third, review);
      for (var each : List.of(first, second)) {
        send(each, review.substring(HALF / 2));
      }

      assertThat(status(first)).isEqualTo(200);
      assertThat(status(second)).isEqualTo(200);
      assertThat(status(third)).isEqualTo(503);
    }
  }

  @Test
  void whatIsRefusedIsAskedToComeAgain() throws Exception {
    try (var greedy = server.connect()) {
      begin(greedy, BOUND);
      awaitNoRoom();

      var refused = server.post("/mutate", TestServer.REVIEW);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    }
  }

  @Test
  void whoDoesNotSendWhatItDeclaredIsCutOff() throws Exception {
    try (var slow = server.connect()) {
      begin(slow, BOUND);
      send(slow, "{");
      awaitNoRoom();

      assertThat(status(slow)).isEqualTo(408);
    }
  }

  @Test
  void aClientHangsUpWhileItSends() throws Exception {
    try (var socket = server.connect()) {
      begin(socket, BOUND);
      send(socket, "{");
      awaitNoRoom();
    }
  }

  @Test
  void aClientHangsUpWhileItsReviewIsInHand() throws Exception {
    var block = new Block(1);
    configuration = block::configuration;
    double others = server.metric("gambeson_connections");
    block.arm();
    try (var log = new LogLines()) {
      try (var socket = server.connect()) {
        begin(socket, BOUND);
        send(socket, review(BOUND));
        block.awaitInHand();
        socket.setSoLinger(true, 0);
      }
      await().until(() -> server.metric("gambeson_connections") <= others);
      assertThat(post(TestServer.REVIEW)).isEqualTo(503);
      block.release();
      await().until(() -> post(TestServer.REVIEW) == 200);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aReviewFailsByABug() throws Exception {
    configuration =
        () -> {
          throw new IllegalStateException("a bug");
        };

    assertThat(post(review(BOUND))).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({"1000, 200", "200000, 200", "200001, 413", "1000000, 413"})
  void aBodyOfNoDeclaredLengthMayBeAsLong(int length, int status) throws Exception {
    var body = (status == 200 ? review(length) : "x".repeat(length)).getBytes(US_ASCII);
    var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));

    var answer =
        server.client.send(server.request("/mutate").POST(chunked).build(), TestServer.text());

    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void ofABodyThatIsTooLargeOnlyItsHeadCounts() throws Exception {
    try (var tooLarge = server.connect()) {
      begin(tooLarge, Long.MAX_VALUE);
      await().until(() -> post(review(BOUND - Body.HEAD + 1)) == 503);
      assertThat(post(review(BOUND - Body.HEAD))).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+5", "x", "", "5, 6", "9223372036854775808"})
  void aLengthThatIsNoneIs400(String length) throws Exception {
    try (var socket = server.connect()) {
      send(socket, head(length));

      assertThat(status(socket)).isEqualTo(400);
    }
  }

  private static Configuration good() {
    return TestServer.configuration(true);
  }

  /** Once all that the budget has is taken by others. */
  private static void awaitNoRoom() {
    await().until(() -> post(TestServer.REVIEW) == 503);
  }

  private static int post(String body) throws IOException, InterruptedException {
    return server.post("/mutate", body).statusCode();
  }

  /** A review of so many bytes. */
  private static String review(int length) {
    return TestServer.REVIEW + " ".repeat(length - TestServer.REVIEW.length());
  }

  /** Sends the head of a review, and waits until the server has it. */
  private static void begin(Socket socket, long length) throws IOException {
    send(socket, head(length + "\r\nExpect: 100-continue"));
    assertThat(status(socket)).isEqualTo(100);
    assertThat(socket.getInputStream().readNBytes(" Continue\r\n\r\n".length())).isNotEmpty();
  }

  private static String head(String length) {
    return "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: %s\r\n\r\n".formatted(length);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static int status(Socket socket) throws IOException {
    var line = new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), US_ASCII);
    return Integer.parseInt(line.substring("HTTP/1.1 ".length()));
  }
}
