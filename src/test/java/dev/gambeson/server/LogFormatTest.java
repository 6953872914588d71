package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.status.Status;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log's real configuration makes of what clients send. */
class LogFormatTest {
  /**
   * Line ends and a forged line, next line, line and paragraph separator, right-to-left override.
   */
  private static final String HOSTILE =
      "a\n2026-11-21T08:00:00.000Z INFO  forged\r\u0085b\u2028c\u2029d\u202Ee\u200Bf\u001B[31mg";

  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void configure() throws Exception {
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .as("what Logback says of its configuration")
        .noneMatch(status -> status.getEffectiveLevel() > Status.INFO);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void whatAClientSendsStaysInOneLineAndTurnsNoneAround() {
    var lines = logged("denied: review {} of Pod shop/{}", null, "u", HOSTILE);

    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .matches("\\S+Z INFO +denied: review u of Pod shop/a 2026.*forged b c d e f \\[31mg");
  }

  @Test
  void noMessageOfAnExceptionLooksLikeALineOfTheLog() {
    var cause = new IllegalArgumentException(HOSTILE);
    var lines = logged("no verdict", new IllegalStateException(HOSTILE, cause));

    assertThat(lines.getFirst()).endsWith("no verdict");
    assertThat(lines)
        .anyMatch(line -> line.startsWith("  java.lang.IllegalStateException: a"))
        .anyMatch(line -> line.startsWith("  Caused by: java.lang.IllegalArgumentException: a"))
        .anyMatch(line -> line.startsWith("   at dev.gambeson.server.LogFormatTest."));
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("  "));
  }

  private List<String> logged(String message, @Nullable Throwable cause, Object... names) {
    var logger = context.getLogger("x");
    var event = new LoggingEvent("x", logger, Level.INFO, message, cause, names);
    var appender =
        (OutputStreamAppender<ILoggingEvent>)
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    var text = new String(appender.getEncoder().encode(event), UTF_8);

    assertThat(text.codePoints())
        .as("what ends a line or turns its direction")
        .noneMatch(point ->
            point != '\n'
                && List.of(
                        (int) Character.CONTROL,
                        (int) Character.FORMAT,
                        (int) Character.LINE_SEPARATOR,
                        (int) Character.PARAGRAPH_SEPARATOR)
                    .contains(Character.getType(point)));
    return text.lines().toList();
  }
}
