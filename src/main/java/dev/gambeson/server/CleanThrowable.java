package dev.gambeson.server;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import dev.gambeson.rule.Violation;
import java.util.stream.Collectors;

/**
 * {@code %cleanThrowable} in the log's pattern: the exception and its stack trace, each line
 * indented, so that no message of an exception looks like a line of the log.
 */
public final class CleanThrowable extends ThrowableProxyConverter {

  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    return super.throwableProxyToString(throwable)
        .lines()
        .map(line -> "  " + Violation.clean(line) + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
