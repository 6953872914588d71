package dev.gambeson.review;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Why a file cannot be read, in words. */
final class FileProblem {
  static final String UNSPELLABLE =
      "the locale cannot spell this name: set LC_ALL=C.UTF-8, or pass the file as the standard input: review - < FILE";

  /** What stands for the bytes that the locale cannot spell. */
  private static final String REPLACEMENT = "\uFFFD";

  private FileProblem() {}

  static String of(Path path, IOException failure) {
    return switch (failure) {
      case UnreadableTextException text -> text.reason();
      case NoSuchFileException missing when Files.isSymbolicLink(path) ->
          "is a link to a file that does not exist";
      case NoSuchFileException missing ->
          path.toString().contains(REPLACEMENT) ? UNSPELLABLE : "no such file";
      case AccessDeniedException denied -> "permission denied";
      case FileSystemException other when other.getReason() != null ->
          other.getReason().startsWith("Too many levels of symbolic links")
              ? "is a link that leads back to itself"
              : other.getReason().toLowerCase(Locale.ROOT);
      default -> "cannot be read: " + Objects.requireNonNullElse(failure.getMessage(), failure);
    };
  }
}
