package dev.gambeson.server;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.gambeson.rule.Violation;

/**
 * {@code %cleanMessage} in the log's pattern: the message in one line, whatever names are in it.
 */
public final class CleanMessage extends MessageConverter {

  @Override
  public String convert(ILoggingEvent event) {
    return Violation.clean(super.convert(event));
  }
}
