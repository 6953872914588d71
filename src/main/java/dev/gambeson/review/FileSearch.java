package dev.gambeson.review;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the files that names stand for: files, folders, and patterns that no shell expanded. Hidden
 * files and folders are read by their own name only. No link to a folder is followed on the way
 * down, so that every search ends.
 */
final class FileSearch {
  static final Path STANDARD_INPUT = Path.of("-");

  private static final Pattern MANIFEST =
      Pattern.compile("\\.(ya?ml|json)$", Pattern.CASE_INSENSITIVE);
  private static final Pattern URL = Pattern.compile("https?://.*");

  private final Map<Path, Boolean> found = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /** Adds the files that a name stands for. */
  void add(String name) {
    try {
      var path = Path.of(name);
      if (name.isEmpty()) {
        problems.add("\"\" is not the name of a file: is a variable empty?");
      } else if (FilePattern.isOne(name) && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        addMatches(name);
      } else if (URL.matcher(name).matches()) {
        problems.add(name + ": is not downloaded: curl -fsSL " + name + " | gambeson review -");
      } else {
        add(path, true);
      }
    } catch (InvalidPathException e) {
      problems.add(name + ": " + FileProblem.UNSPELLABLE);
    }
  }

  /** The files, each once, and whether it is named: false for one of a folder or a pattern. */
  Map<Path, Boolean> found() {
    return Collections.unmodifiableMap(found);
  }

  /** Names that stand for no file, and folders that cannot be read, each in one line. */
  List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  /** What else is left out, each in one line. */
  List<String> remarks() {
    return Collections.unmodifiableList(remarks);
  }

  private void add(Path path, boolean named) {
    if (!Files.isDirectory(path)) {
      found.merge(path, named, Boolean::logicalOr);
    } else if (!addBelow(path.equals(Path.of(".")) ? Path.of("") : path)) {
      problems.add(path + ": no .yaml, .yml or .json file in this folder or below it");
    }
  }

  /** Returns whether there is anything that is, or may be, a manifest. */
  private boolean addBelow(Path folder) {
    int before = problems.size();
    boolean any = false;
    for (var entry : entries(folder)) {
      if (FilePattern.isHidden(entry)) {
        continue;
      }
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        any |= addBelow(entry);
      } else if (Files.isDirectory(entry)) {
        remarks.add(entry + ": a link to a folder, which is not followed: name it to read it");
        any = true;
      } else if (MANIFEST.matcher(entry.toString()).find()) {
        found.putIfAbsent(entry, false);
        any = true;
      }
    }
    return any || problems.size() > before;
  }

  private void addMatches(String text) {
    try {
      int before = problems.size();
      var matches = new FilePattern(text).find(this::entries);
      matches.forEach(match -> add(match, false));
      if (matches.isEmpty() && problems.size() == before) {
        problems.add(text + ": no file matches");
      }
    } catch (PatternSyntaxException e) {
      problems.add(text + ": is not a valid pattern: " + e.getDescription());
    }
  }

  /** What a folder contains, in order. */
  private List<Path> entries(Path folder) {
    var all = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      problems.add(folder + ": " + FileProblem.of(folder, Objects.requireNonNull(e.getCause())));
    } catch (IOException e) {
      problems.add(folder + ": " + FileProblem.of(folder, e));
    }
    Collections.sort(all);
    return all;
  }
}
