package dev.gambeson.explain;

import java.util.Optional;
import java.util.regex.Pattern;

/** The file that a line of a log complains about. */
final class LogPath {
  /** Up to what closes a path in the messages of programs: quotes, colons, brackets, spaces. */
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w./:-])/[^\\s\"'‘’`:;,()<>\\[\\]]{1,400}");

  private LogPath() {}

  /**
   * The path that stands nearest to a complaint: programs write {@code open /data/x: read-only file
   * system}, some {@code EROFS: read-only file system, open '/data/x'}.
   *
   * @param start where the complaint begins
   */
  static Optional<String> near(String line, int start) {
    var matcher = PATH.matcher(line);
    Optional<String> nearest = Optional.empty();
    while (matcher.find()) {
      // The shell that cannot write names itself first.
      if (matcher.start() > start && nearest.isPresent()) {
        break;
      }
      nearest = Optional.of(matcher.group());
    }
    return nearest.map(LogPath::withoutEnd);
  }

  /** The directory of a file; the root for one that stands there. */
  static String directory(String path) {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }

  private static String withoutEnd(String path) {
    var end = path.length();
    while (end > 1 && "./".indexOf(path.charAt(end - 1)) >= 0) {
      end--;
    }
    return path.substring(0, end);
  }
}
