package dev.gambeson.verdict;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * When something ends.
 *
 * @param text a day or an instant, as it is written
 * @param end the first moment after it
 */
public record Expiry(String text, Instant end) {

  /** How it is written. */
  public static final String FORM =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?";

  /**
   * Reads a day, over at its end in UTC, or an instant.
   *
   * @throws IllegalArgumentException if it has another form
   * @throws DateTimeException if there is no such day or instant
   */
  public static Expiry parse(String text) {
    if (!text.matches(FORM)) {
      throw new IllegalArgumentException();
    }
    return new Expiry(
        text,
        text.contains("T")
            ? Instant.parse(text)
            : LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /** As it is written. */
  @Override
  public String toString() {
    return text;
  }
}
