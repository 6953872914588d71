package dev.gambeson.pod;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which image a container runs, read as container runtimes read it: {@code nginx} is {@code
 * docker.io/library/nginx}, and {@code host:5000/app} has a port and no tag. (Grammar:
 * github.com/distribution/reference.)
 *
 * @param host the registry, with its port where one is given
 * @param repository the path of the image in the registry
 * @param tag null where none is given
 * @param digest with its algorithm; null where none is given
 */
public record ImageReference(
    String host, String repository, @Nullable String tag, @Nullable String digest) {

  private static final String DOCKER_HUB = "docker.io";
  private static final String LATEST = "latest";

  /** Longer than any host, repository, tag and digest together. */
  private static final int LONGEST = 1024;

  private static final int LONGEST_REPOSITORY = 255;

  private static final Pattern IPV6_HOST = Pattern.compile("\\[[A-Fa-f0-9:]+](?::[0-9]+)?");
  private static final int LONGEST_TAG = 128;
  private static final Pattern DIGEST =
      Pattern.compile("sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}");
  private static final Pattern IMAGE_ID = Pattern.compile("[a-f0-9]{64}");

  /** The image that a reference means; empty where no container runtime could read it. */
  public static Optional<ImageReference> parse(String text) {
    if (faultBeforeSplit(text).isPresent()) {
      return Optional.empty();
    }
    var image = split(text);
    return image.fault().isEmpty() ? Optional.of(image) : Optional.empty();
  }

  /** Why no container runtime could read a reference; empty where one can. */
  public static Optional<String> fault(String text) {
    return faultBeforeSplit(text).or(() -> split(text).fault());
  }

  private static Optional<String> faultBeforeSplit(String text) {
    if (text.length() > LONGEST) {
      return Optional.of("it is too long");
    }
    return text.length() == 64 && IMAGE_ID.matcher(text).matches()
        ? Optional.of("it is the ID of an image on a node")
        : Optional.empty();
  }

  private Optional<String> fault() {
    if (!host.equals(DOCKER_HUB) && !isHost(host)) {
      return Optional.of("its registry is not a host name");
    }
    if (!isRepository(repository)) {
      return Optional.of(
          isRepository(repository.toLowerCase(Locale.ROOT))
              ? "its name has upper case letters"
              : "its name has an empty part or odd characters");
    }
    if (repository.length() > LONGEST_REPOSITORY) {
      return Optional.of("its name is longer than " + LONGEST_REPOSITORY + " characters");
    }
    if (tag != null && !isTag(tag)) {
      return Optional.of("its tag is empty, too long or has odd characters");
    }
    return digest == null || DIGEST.matcher(digest).matches()
        ? Optional.empty()
        : Optional.of("its digest is not sha256: and 64 hexadecimal digits");
  }

  /** Names of letters, digits and hyphens, with dots between them, and a port. */
  private static boolean isHost(String text) {
    if (text.startsWith("[")) {
      return IPV6_HOST.matcher(text).matches();
    }
    int colon = text.indexOf(':');
    int end = colon < 0 ? text.length() : colon;
    boolean inName = false;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (isLetterOrDigit(c)) {
        inName = true;
      } else if (c == '.') {
        if (!inName || text.charAt(i - 1) == '-') {
          return false;
        }
        inName = false;
      } else if (c != '-' || !inName) {
        return false;
      }
    }
    return inName && text.charAt(end - 1) != '-' && (colon < 0 || isPort(text, colon + 1));
  }

  private static boolean isPort(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return start < text.length();
  }

  /**
   * {@code SEGMENT(/SEGMENT)*}, where a segment is lower case letters and digits with separators
   * between them: {@code .}, {@code _}, {@code __} or any number of {@code -}. A regular expression
   * would take longer than all else that a rule asks of an image.
   */
  private static boolean isRepository(String text) {
    int at = 0;
    do {
      int start = at;
      at = endOfWord(text, start);
      if (at == start) {
        return false;
      }
      at += lengthOfSeparator(text, at);
    } while (at < text.length());
    return isOfWord(text.charAt(text.length() - 1));
  }

  private static int endOfWord(String text, int start) {
    int at = start;
    while (at < text.length() && isOfWord(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isOfWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isLetterOrDigit(char c) {
    return isOfWord(c) || (c >= 'A' && c <= 'Z');
  }

  /** The length of what stands between two words of a name, or of two segments; 0 for neither. */
  private static int lengthOfSeparator(String text, int start) {
    if (text.startsWith("__", start)) {
      return 2;
    }
    int hyphens = start;
    while (hyphens < text.length() && text.charAt(hyphens) == '-') {
      hyphens++;
    }
    return hyphens > start
        ? hyphens - start
        : start < text.length() && "._/".indexOf(text.charAt(start)) >= 0 ? 1 : 0;
  }

  /** Up to 128 letters, digits, {@code _}, {@code .} and {@code -}, none of the last two first. */
  private static boolean isTag(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '_' && (i == 0 || (c != '.' && c != '-'))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST_TAG;
  }

  private static ImageReference split(String text) {
    int at = text.indexOf('@');
    var digest = at < 0 ? null : text.substring(at + 1);
    var rest = at < 0 ? text : text.substring(0, at);
    int slash = rest.indexOf('/');
    var host = DOCKER_HUB;
    if (slash >= 0 && namesHost(rest.substring(0, slash))) {
      host = normal(rest.substring(0, slash));
      rest = rest.substring(slash + 1);
    }
    int colon = rest.indexOf(':');
    var tag = colon < 0 ? null : rest.substring(colon + 1);
    var repository = colon < 0 ? rest : rest.substring(0, colon);
    if (host.equals(DOCKER_HUB) && repository.indexOf('/') < 0) {
      repository = "library/" + repository;
    }
    return new ImageReference(host, repository, tag, digest);
  }

  /** Whether what stands before the first slash is a registry, rather than part of a path. */
  private static boolean namesHost(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  /** In lower case, save where only an upper case letter tells that it is a registry. */
  private static String normal(String host) {
    var lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("index." + DOCKER_HUB) ? DOCKER_HUB : namesHost(lower) ? lower : host;
  }

  /** The image without tag and digest, {@code docker.io/library/nginx}. */
  public String name() {
    return host + "/" + repository;
  }

  /** The tag that decides where there is no digest; {@code latest} where there is neither. */
  public Optional<String> effectiveTag() {
    return tag == null && digest == null ? Optional.of(LATEST) : Optional.ofNullable(tag);
  }

  /** The {@code imagePullPolicy} that the API server writes where the author wrote none. */
  String defaultPullPolicy() {
    return effectiveTag().filter(LATEST::equals).isPresent() ? "Always" : "IfNotPresent";
  }

  /** The same tag and digest of an image of another name; empty where that is no name. */
  public Optional<ImageReference> named(String otherName) {
    return parse(otherName + version());
  }

  /** A glob for this image in every version: with any tag where it has one, else any digest. */
  public String anyVersion() {
    return name() + (tag != null ? ":*" : digest != null ? "@*" : "");
  }

  /** The whole reference, with its registry. */
  @Override
  public String toString() {
    return name() + version();
  }

  private String version() {
    return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
