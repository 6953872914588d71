package dev.gambeson.review;

import java.io.IOException;
import java.util.List;

/** Reads the files that a command names. */
public final class ManifestFiles {
  private ManifestFiles() {}

  /**
   * Reads files. What cannot be read is a problem of the manifests, and the rest is read all the
   * same.
   *
   * @param names files, folders and patterns; {@code -} is the standard input
   */
  public static Manifests read(List<String> names) {
    var search = new FileSearch();
    names.forEach(search::add);
    var manifests = new Manifests();
    search
        .found()
        .forEach((path, named) -> {
          boolean isStandardInput = path.equals(FileSearch.STANDARD_INPUT);
          var name = isStandardInput ? "stdin" : path.toString();
          try {
            var text =
                isStandardInput ? FileText.of(System.in.readAllBytes()) : FileText.read(path);
            if (named) {
              manifests.add(name, text);
            } else {
              manifests.addFound(name, text);
            }
          } catch (IOException e) {
            manifests.addProblem(name + ": " + FileProblem.of(path, e));
          }
        });
    search.problems().forEach(manifests::addProblem);
    search.remarks().forEach(manifests::addRemark);
    return manifests;
  }
}
