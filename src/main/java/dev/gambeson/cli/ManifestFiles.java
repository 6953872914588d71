package dev.gambeson.cli;

import dev.gambeson.review.Manifests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The files that a command names. */
final class ManifestFiles {
  private static final String STANDARD_INPUT = "-";

  private ManifestFiles() {}

  /**
   * Reads files. What cannot be read is a problem of the manifests, and the rest is read all the
   * same.
   *
   * @param names {@code -} is the standard input
   */
  static Manifests read(List<String> names) {
    var manifests = new Manifests();
    for (var name : names) {
      try {
        boolean standardInput = name.equals(STANDARD_INPUT);
        var bytes = standardInput ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
        manifests.add(
            standardInput ? "stdin" : name,
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      } catch (NoSuchFileException e) {
        manifests.addProblem(name + ": no such file");
      } catch (CharacterCodingException e) {
        manifests.addProblem(name + ": the file is not UTF-8 text");
      } catch (IOException e) {
        manifests.addProblem(
            name
                + ": cannot be read: "
                + (Files.isDirectory(Path.of(name)) ? "it is a directory" : e.getMessage()));
      }
    }
    return manifests;
  }
}
