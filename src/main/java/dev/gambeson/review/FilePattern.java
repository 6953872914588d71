package dev.gambeson.review;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A pattern of file names, as shells read it: {@code *}, {@code ?}, {@code [a-z]}, <code>{a,b}
 * </code>, and {@code **} for any number of folders. No wildcard stands for the dot of a hidden
 * name.
 */
final class FilePattern {
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");
  private static final String ANY_FOLDERS = "**";

  private final Path root;
  private final List<String> segments = new ArrayList<>();

  FilePattern(String text) {
    root = Path.of(text.startsWith("/") ? "/" : "");
    for (var segment : text.split("/+", -1)) {
      boolean again =
          segment.equals(ANY_FOLDERS)
              && !segments.isEmpty()
              && segments.getLast().equals(ANY_FOLDERS);
      if (!segment.isEmpty() && !again) {
        segments.add(segment);
      }
    }
  }

  static boolean isOne(String name) {
    return WILDCARD.matcher(name).find();
  }

  static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /**
   * The files and folders that match, in order.
   *
   * @param entries what is in a folder
   * @throws java.util.regex.PatternSyntaxException if the pattern is not valid
   */
  Set<Path> find(Function<Path, List<Path>> entries) {
    var found = new LinkedHashSet<Path>();
    find(root, segments, entries, found);
    return found;
  }

  private static void find(
      Path folder, List<String> rest, Function<Path, List<Path>> entries, Set<Path> found) {
    if (rest.isEmpty()) {
      found.add(folder);
      return;
    }
    var first = rest.getFirst();
    var others = rest.subList(1, rest.size());
    if (first.equals(ANY_FOLDERS)) {
      find(folder, others, entries, found);
      if (others.isEmpty()) {
        return;
      }
      for (var entry : entries.apply(folder)) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && !isHidden(entry)) {
          find(entry, rest, entries, found);
        }
      }
    } else if (isOne(first)) {
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + first);
      for (var entry : entries.apply(folder)) {
        if (matcher.matches(entry.getFileName())
            && (first.startsWith(".") || !isHidden(entry))
            && (others.isEmpty() || Files.isDirectory(entry))) {
          find(entry, others, entries, found);
        }
      }
    } else if (Files.exists(folder.resolve(first), LinkOption.NOFOLLOW_LINKS)) {
      find(folder.resolve(first), others, entries, found);
    }
  }
}
