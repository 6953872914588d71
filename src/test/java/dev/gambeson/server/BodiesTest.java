package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.verdict.Configuration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
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

/** Bodies take memory as they arrive, the slowest end first, and what each took comes back. */
@Timeout(600)
class BodiesTest {
  /** Half of it comes in one piece. */
  private static final int SMALL = 16_000;

  private static final int BOUND = 400_000;

  /** While a body moves into a larger array, it has both. */
  private static final long ROOM = 3 * BOUND;

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Limits LIMITS =
      new Limits(
          new Limits.Share(SMALL, 2 * SMALL, 2),
          new Limits.Share(BOUND, ROOM, 1),
          LONG,
          LONG,
          1000,
          LONG,
          LONG,
          LONG);

  /** What the server under test is asked to use. */
  private static volatile Supplier<Configuration> configuration = BodiesTest::good;

  private static TestServer server;

  private final List<RawConnection> connections = new ArrayList<>();
  private final Block block = new Block(1);

  @BeforeAll
  static void start() throws StartupException {
    server = TestServer.start(LIMITS, () -> configuration.get());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void everythingComesBack() throws Exception {
    configuration = BodiesTest::good;
    block.release();
    for (var connection : connections) {
      connection.close();
    }
    awaitHeld("small", 0);
    awaitHeld("large", 0);
    assertThat(post(review(BOUND))).isEqualTo(200);
  }

  @Test
  void whoOnlyDeclaresTakesNothing() throws Exception {
    for (int i = 0; i < 20; i++) {
      connect().begin("/mutate", BOUND);
    }

    assertThat(held("small") + held("large")).isZero();
    assertThat(post(review(BOUND))).isEqualTo(200);
    assertThat(post(TestServer.REVIEW)).isEqualTo(200);
  }

  @Test
  void theSlowestEndsForAQuickerOne() throws Exception {
    var slow = connect();
    slow.begin("/mutate", BOUND);
    slow.send(review(BOUND).substring(0, BOUND - 1));
    awaitHeld("large", BOUND);
    var quick = connect();
    quick.begin("/mutate", BOUND);
    quick.send(review(BOUND).substring(0, BOUND - 1));
    awaitHeld("large", 2 * BOUND);
    var quicker = connect();
    quicker.begin("/mutate", BOUND);
    quicker.send(review(BOUND).substring(0, BOUND - 1));

    quicker.send(" ");
    assertThat(quicker.status()).isEqualTo(200);
    slow.send(" ");
    assertThat(slow.status()).isEqualTo(503);
    quick.send(" ");
    assertThat(quick.status()).isEqualTo(200);
  }

  @Test
  void ofManyThatHaveAPartSomeGetAllThatTheyNeed() throws Exception {
    var all = new ArrayList<RawConnection>();
    for (int i = 0; i < 8; i++) {
      all.add(connect());
      all.getLast().begin("/mutate", BOUND);
    }
    var review = review(BOUND);
    int part = BOUND / 8;
    for (int from = 0; from < BOUND; from += part) {
      for (var each : all) {
        each.send(review.substring(from, from + part));
      }
    }

    var statuses = new ArrayList<Integer>();
    for (var each : all) {
      statuses.add(each.status());
    }
    assertThat(statuses).contains(200).containsOnly(200, 503);
  }

  @Test
  void largeBodiesLeaveRoomForSmallOnes() throws Exception {
    block();
    var judged = connect();
    judged.begin("/mutate", BOUND);
    judged.send(review(BOUND));
    block.awaitInHand();
    var waits = connect();
    waits.begin("/mutate", SMALL + 1);
    waits.send(review(SMALL + 1));
    awaitHeld("large", BOUND + SMALL + 1);

    assertThat(post(TestServer.REVIEW)).isEqualTo(200);
    assertThat(held("large")).isEqualTo(BOUND + SMALL + 1);

    block.release();
    assertThat(judged.status()).isEqualTo(200);
    assertThat(waits.status()).isEqualTo(200);
  }

  @Test
  void slowSmallBodiesEndForAQuickOne() throws Exception {
    for (int i = 1; i <= 4; i++) {
      connect().begin("/mutate", SMALL);
      connections.getLast().send(review(SMALL).substring(0, SMALL / 2));
      awaitHeld("small", i * SMALL / 2);
    }

    assertThat(post(TestServer.REVIEW)).isEqualTo(200);

    connections.getFirst().send(review(SMALL).substring(SMALL / 2));
    assertThat(connections.getFirst().status()).isEqualTo(503);
    connections.getLast().send(review(SMALL).substring(SMALL / 2));
    assertThat(connections.getLast().status()).isEqualTo(200);
  }

  @Test
  void whatIsRefusedIsAskedToComeAgainAndCounted() throws Exception {
    double before = server.metric("gambeson_bad_requests_total{reason=\"overload\"}");
    block();
    connect().begin("/mutate", BOUND);
    connections.getLast().send(review(BOUND));
    block.awaitInHand();
    connect().begin("/mutate", BOUND);
    connections.getLast().send(review(BOUND));
    awaitHeld("large", 2 * BOUND);

    var refused = server.post("/mutate", review(BOUND));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(server.metric("gambeson_bad_requests_total{reason=\"overload\"}"))
        .isEqualTo(before + 1);
    block.release();
    for (var each : connections) {
      assertThat(each.status()).isEqualTo(200);
    }
  }

  @Test
  void aClientHangsUpWhileItSends() throws Exception {
    connect().begin("/mutate", BOUND);
    connections.getLast().send(review(BOUND).substring(1));
    awaitHeld("large", BOUND);

    connections.getLast().close();

    awaitHeld("large", 0);
  }

  @Test
  void aClientHangsUpWhileItsReviewIsInHand() throws Exception {
    double others = server.metric("gambeson_connections");
    block();
    try (var log = new LogLines()) {
      connect().begin("/mutate", BOUND);
      connections.getLast().send(review(BOUND));
      block.awaitInHand();
      connections.getLast().reset();
      await().until(() -> server.metric("gambeson_connections") <= others);
      assertThat(held("large")).isEqualTo(BOUND);
      block.release();
      awaitHeld("large", 0);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whatNobodyWaitsForIsNotJudged() throws Exception {
    double others = server.metric("gambeson_connections");
    double hungUp = server.metric("gambeson_bad_requests_total{reason=\"hung-up\"}");
    block();
    var judged = connect();
    judged.begin("/mutate", BOUND);
    judged.send(review(BOUND));
    block.awaitInHand();
    var waits = connect();
    waits.begin("/mutate", BOUND);
    waits.send(review(BOUND));
    awaitHeld("large", 2 * BOUND);
    waits.reset();
    await().until(() -> server.metric("gambeson_connections") <= others + 1);

    block.release();

    assertThat(judged.status()).isEqualTo(200);
    awaitHeld("large", 0);
    assertThat(server.metric("gambeson_bad_requests_total{reason=\"hung-up\"}"))
        .isEqualTo(hungUp + 1);
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
  @CsvSource({"1000, 200", "400000, 200", "400001, 413", "2000000, 413"})
  void aBodyOfNoDeclaredLengthMayBeAsLong(int length, int status) throws Exception {
    var body = (status == 200 ? review(length) : "x".repeat(length)).getBytes(US_ASCII);
    var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));

    var answer =
        server.client.send(server.request("/mutate").POST(chunked).build(), TestServer.text());

    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofABodyThatIsTooLargeOnlyItsHeadCounts(boolean declared) throws Exception {
    var tooLarge = connect();
    int length = BOUND + 1;
    if (declared) {
      tooLarge.send(RawConnection.head("/mutate", String.valueOf(2 * BOUND)));
      tooLarge.send("x".repeat(length));
    } else {
      tooLarge.send(
          RawConnection.head("/mutate", "")
              .replace("Content-Length: ", "Transfer-Encoding: chunked"));
      tooLarge.send("%x\r\n%s\r\n".formatted(length, "x".repeat(length)));
    }

    awaitHeld("large", Body.HEAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+5", "x", "", "5, 6", "9223372036854775808"})
  void aLengthThatIsNoneIs400(String length) throws Exception {
    connect().send(RawConnection.head("/mutate", length));

    assertThat(connections.getLast().status()).isEqualTo(400);
  }

  /** Holds the next review up. */
  private void block() {
    configuration = block::configuration;
    block.arm();
  }

  private RawConnection connect() throws IOException {
    connections.add(server.raw());
    return connections.getLast();
  }

  private static Configuration good() {
    return TestServer.configuration(true);
  }

  private static long held(String share) throws Exception {
    return (long) server.metric("gambeson_held_bytes{share=\"%s\"}".formatted(share));
  }

  private static void awaitHeld(String share, long bytes) {
    await().until(() -> held(share) == bytes);
  }

  private static int post(String body) throws IOException, InterruptedException {
    return server.post("/mutate", body).statusCode();
  }

  /** A review of so many bytes. */
  private static String review(int length) {
    return TestServer.REVIEW + " ".repeat(length - TestServer.REVIEW.length());
  }
}
