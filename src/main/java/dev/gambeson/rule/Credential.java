package dev.gambeson.rule;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells by its name or its shape whether a plain value is a credential. It would rather miss one
 * than cry wolf, and what it answers never has any part of the value in it.
 */
public final class Credential {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\([^()$]*+\\)");
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private static final Pattern SEPARATOR = Pattern.compile("[^A-Za-z0-9]+");

  /** At the end of a name, so that {@code PASSWORD_FILE} and {@code TOKEN_URL} are none. */
  private static final Pattern PASSWORD_NAME =
      Pattern.compile("(.*(PASSWORD|PASSWD|PASSPHRASE)|.*_(PASS|PWD))_?[0-9]*");

  private static final Pattern OTHER_NAME =
      Pattern.compile(
          "(.*_)?(SECRET|TOKEN|CREDENTIALS?|APIKEY|(API|PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION)_KEY"
              + "|SECRET_KEY_BASE)_?[0-9]*");

  /** Every name that one of the two patterns finds has one of them in it. */
  private static final List<Text> NAME_PARTS =
      texts("PASS", "PWD", "SECRET", "TOKEN", "CREDENTIAL", "KEY");

  /** They hold the name of a Secret. */
  private static final Pattern NAME_OF_A_SECRET =
      Pattern.compile("(.*_)?(PULL|TLS|CA|CERT|CERTS|CERTIFICATE)_SECRET");

  /** Settings, files, references to somewhere else, and what is to be replaced before use. */
  private static final Pattern NO_SECRET =
      Pattern.compile(
          "(?i)true|false|yes|no|on|off|enabled?|disabled?|none|null|nil|undefined|required|optional"
              + "|[./~]?/[\\w./-]*|[a-z]:\\\\.*|[a-z][a-z0-9+.-]*://.*|(?:vault|bao|arn|ref\\+\\w+):.*");

  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?i)<.*>|\\[.*]|\\$\\{.*}|\\{\\{.*}}|\\$\\w+|%.*%|%[a-z]|__.*__|([x*.#•-])\\1*"
              + "|your.*|.*(?:change|replace|fill)[-_ ]?(?:me|it|this|in)\\b.*|.*placeholder.*|.*example.*"
              + "|.*dummy.*|.*redacted.*|insert[-_ ].*|to-?do|tbd");

  /** A longer text is none, and would take the pattern too long. */
  private static final int LONGEST_PLACEHOLDER = 200;

  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9._]*[a-z]{0,2}");

  /** Where a token may begin: not in the middle of another word. */
  private static final String START = "(?<![A-Za-z0-9_-])";

  /**
   * A text and the set of its characters, so that most texts are told at once not to contain
   * another.
   *
   * @param characters bit {@code c % 64} stands for the character {@code c}; two may share a bit.
   *     In a hint, it also has the characters that must stand beside the text
   */
  private record Text(String text, long characters) {
    static Text of(String text) {
      long characters = 0;
      for (int i = 0; i < text.length(); i++) {
        characters |= 1L << (text.charAt(i) % Long.SIZE);
      }
      return new Text(text, characters);
    }

    boolean contains(Text part) {
      return (part.characters & ~characters) == 0 && text.contains(part.text);
    }

    boolean containsAny(List<Text> parts) {
      for (var part : parts) {
        if (contains(part)) {
          return true;
        }
      }
      return false;
    }
  }

  private static List<Text> texts(String... texts) {
    return Stream.of(texts).map(Text::of).toList();
  }

  /**
   * What credentials look like whatever their name.
   *
   * @param hint the pattern finds nothing in a text without it, so that most texts are done with at
   *     once
   * @param pattern finds one; its group {@code secret} is the secret itself
   */
  private record Shape(String what, Text hint, Pattern pattern) {
    /**
     * Creates it.
     *
     * @param part of the hint: the pattern finds nothing in a text that does not contain it
     * @param others of the hint: characters that such a text has as well, wherever
     */
    Shape(String what, String part, String others, String pattern) {
      this(what, new Text(part, Text.of(part + others).characters), Pattern.compile(pattern));
    }

    Shape(String what, String part, String pattern) {
      this(what, part, "", pattern);
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(
              "a private key", "PRIVATE KEY", "-----BEGIN [A-Z0-9 ]{0,40}(?<secret>PRIVATE KEY)"),
          new Shape("an AWS access key id", "AKIA", START + "(?<secret>AKIA[A-Z2-7]{16})\\b"),
          new Shape("a GitHub token", "gh", "_", START + "(?<secret>gh[pousr]_[A-Za-z0-9]{36})"),
          new Shape(
              "a GitHub token", "github_pat_", START + "(?<secret>github_pat_[A-Za-z0-9_]{60})"),
          new Shape(
              "a GitLab token",
              "gl",
              "-",
              START + "(?<secret>gl(?:pat|rt|dt|cbt)-[A-Za-z0-9_-]{20})"),
          new Shape("a Slack token", "xox", START + "(?<secret>xox[abeoprs]-[A-Za-z0-9-]{10})"),
          new Shape(
              "a Slack webhook",
              "hooks.slack.com",
              "https://hooks\\.slack\\.com/services/(?<secret>T\\w{4})"),
          new Shape(
              "a JSON web token",
              ".eyJ",
              START
                  + "eyJ[A-Za-z0-9_-]{8,}+\\.eyJ[A-Za-z0-9_-]{8,}+\\.(?<secret>[A-Za-z0-9_-]{16})"),
          new Shape(
              "a URL with a password",
              "://",
              "@",
              "(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*+://[^\\s/:@]*+:(?<secret>[^\\s/@]++)@"),
          new Shape(
              "a connection string with a password",
              "=",
              "(?i)[?&;]\\s{0,4}(?:password|passwd|pwd|accountkey)=(?<secret>[^&;\\s\"']++)"));

  /** A shorter text has the shape of none, unless it has {@code @} or {@code =} in it. */
  private static final int SHORT = 15;

  private Credential() {}

  /**
   * What the value of a variable or a flag seems to be, and why: {@code a GitHub token by its
   * shape}; empty where it seems no credential.
   *
   * @param name empty for a text without one
   */
  public static Optional<String> in(String name, String value) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    var written = value.contains("$(") ? REFERENCE.matcher(value).replaceAll("") : value;
    if (written.length() >= SHORT || written.indexOf('@') >= 0 || written.indexOf('=') >= 0) {
      var text = Text.of(written);
      for (var shape : SHAPES) {
        if (text.contains(shape.hint()) && hasSecret(shape.pattern().matcher(written))) {
          return Optional.of(shape.what() + " by its shape");
        }
      }
    }
    return written.equals(value)
            && Text.of(name.toUpperCase(Locale.ROOT)).containsAny(NAME_PARTS)
            && isByName(words(name), value.strip())
        ? Optional.of("a credential by its name")
        : Optional.empty();
  }

  private static boolean hasSecret(Matcher match) {
    while (match.find()) {
      if (!isPlaceholder(match.group("secret"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isByName(String words, String value) {
    boolean password = PASSWORD_NAME.matcher(words).matches();
    return (password
            || (OTHER_NAME.matcher(words).matches()
                && !NAME_OF_A_SECRET.matcher(words).matches()
                && !NUMBER.matcher(value).matches()))
        && !value.isEmpty()
        && !NO_SECRET.matcher(value).matches()
        && !isPlaceholder(value);
  }

  private static boolean isPlaceholder(String text) {
    return text.length() <= LONGEST_PLACEHOLDER && PLACEHOLDER.matcher(text).matches();
  }

  /** {@code dbPassword}, {@code db.password} and {@code db-password} as {@code DB_PASSWORD}. */
  private static String words(String name) {
    return SEPARATOR
        .matcher(HUMP.matcher(name).replaceAll("_"))
        .replaceAll("_")
        .toUpperCase(Locale.ROOT);
  }
}
