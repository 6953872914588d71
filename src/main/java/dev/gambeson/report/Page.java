package dev.gambeson.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of HTML that needs nothing but itself, made from resources of this package. */
public final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private Page() {}

  /** The text of a resource of this package. */
  public static String resource(String name) {
    try (var stream = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A template with its places, <code>{{name}}</code>, filled in.
   *
   * @param values as they stand in HTML; each place has one
   */
  public static String fill(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll(place ->
            Matcher.quoteReplacement(
                Objects.requireNonNull(values.get(place.group(1)), place.group())));
  }

  /** A text as it stands in HTML. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** JSON as it stands in a script of HTML: no value can end the script. */
  public static String script(String json) {
    return json.replace("<", "\\u003c");
  }

  /** A moment, to the minute. */
  public static String minute(Instant moment) {
    return MINUTE.format(moment);
  }

  /** The source expression of a Content-Security-Policy that allows just this text. */
  public static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
