package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestDeadlineTest {

  @Test
  void aConnectionThatCannotBeWatchedIsNoConnectionToServe() {
    var foreign = mock(HttpConnection.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> RequestDeadline.watch(foreign, Duration.ofSeconds(30), () -> {}))
        .withMessageStartingWith("no channel behind ");
  }
}
