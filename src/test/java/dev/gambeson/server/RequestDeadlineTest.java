package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vertx.core.http.HttpConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a time of its own: a request may be 5 s behind 64 KiB a second, and takes 30 s at most. */
class RequestDeadlineTest {
  private static final int PACE = 64 * 1024;

  private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
  private int missed;

  @BeforeEach
  void watch() {
    channel.freezeTime();
    RequestDeadline.watch(channel, Limits.DEFAULTS, () -> missed++);
  }

  @Test
  void aConnectionWithoutARequestMayBeSilent() {
    pass(600);

    assertThat(missed).isZero();
  }

  @Test
  void whoDeclaresMuchAndSendsNothingIsCutOff() {
    send(head(16 * 1024 * 1024));
    pass(4);
    assertThat(missed).isZero();

    pass(2);
    assertCut();
  }

  @Test
  void whoSendsAByteASecondIsCutOff() {
    send(head(100));
    for (int second = 0; second < 6; second++) {
      send("x");
      pass(1);
    }

    assertCut();
  }

  @Test
  void aHeadCountsAsWell() {
    send("POST / HTTP/1.1\r\nX-Slow: ");
    pass(6);

    assertCut();
  }

  @Test
  void whoSentNearlyAllAndThenStallsIsCutOff() {
    send(head(100 * PACE + 1));
    for (int i = 0; i < 100; i++) {
      send("x".repeat(PACE));
    }
    pass(6);

    assertCut();
  }

  @Test
  void goodProgressMayGoOn() {
    send(head(25 * PACE));
    for (int second = 0; second < 25; second++) {
      pass(1);
      send("x".repeat(PACE));
    }
    pass(600);

    assertThat(missed).isZero();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void butNotForEver() {
    send(head(1000 * PACE));
    for (int second = 0; second < 29; second++) {
      send("x".repeat(PACE));
      pass(1);
    }
    assertThat(missed).isZero();

    send("x".repeat(PACE));
    pass(2);
    assertCut();
  }

  @Test
  void theNextRequestHasATimeOfItsOwn() {
    send(head(1));
    pass(4);
    send("x");
    send(head(1));
    pass(4);
    send("x");

    assertThat(missed).isZero();
  }

  @Test
  void whatTheServerDoesNotReadYetIsNotLate() {
    send(head(1));
    channel.config().setAutoRead(false);
    pass(60);
    assertThat(missed).isZero();

    channel.config().setAutoRead(true);
    pass(11);
    assertCut();
  }

  @Test
  void aConnectionThatCannotBeWatchedIsNoConnectionToServe() {
    var foreign = mock(HttpConnection.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> RequestDeadline.watch(foreign, Limits.DEFAULTS, () -> {}))
        .withMessageStartingWith("no channel behind ");
  }

  private void assertCut() {
    assertThat(missed).isEqualTo(1);
    assertThat(written()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
    assertThat(channel.isOpen()).isFalse();
  }

  private @Nullable String written() {
    ByteBuf bytes = channel.readOutbound();
    return bytes == null ? null : bytes.toString(StandardCharsets.US_ASCII);
  }

  private static String head(int length) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }
}
