package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of a review, over the manifests of real projects. */
class ReviewOfRealManifestsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"standard", "strict"})
  void theYamlKeepsEveryLineHasEveryFixAndNeedsNoOther(String profile)
      throws IOException, YamlException {
    var checked = new ArrayList<Path>();
    for (var file : manifests()) {
      var yaml = review(profile, "yaml", file);
      if (yaml.exitCode() == ExitCodes.UNUSABLE) {
        continue;
      }
      assertThat(lost(Files.readString(file), yaml.out()))
          .as("lines of %s that are gone", file)
          .isEmpty();

      var documents = YamlReader.readAll(yaml.out());
      if (documents.size() == 1) {
        for (var fix : review(profile, "json", file).json().at("/reviews/0/fixed")) {
          var path = fix.path("path").asText();
          assertThat(documents.getFirst().value().at(pointer(path)).isMissingNode())
              .as("%s: %s is in the YAML", file, path)
              .isFalse();
        }
      }

      var fixed = Files.writeString(folder.resolve(file.getFileName()), yaml.out());
      for (var again : review(profile, "json", fixed).json().path("reviews")) {
        assertThat(again.path("fixed")).as("%s, reviewed again", again.path("name")).isEmpty();
      }
      checked.add(file);
    }
    assertThat(checked).hasSizeGreaterThan(30);
  }

  private static List<Path> manifests() throws IOException {
    var data = System.getProperty("gambeson.data", "");
    Assumptions.assumeFalse(data.isEmpty(), "no gambeson.data");
    try (var files = Files.walk(Path.of(data, "manifests"))) {
      return files.filter(path -> path.toString().matches(".*\\.ya?ml")).sorted().toList();
    }
  }

  private static Invocation review(String profile, String output, Path file) {
    return Invocation.of("review", "--profile", profile, "--output", output, file.toString());
  }

  /** Lines that hold a flow collection may grow; every other line stays what it is. */
  private static List<String> lost(String text, String edited) {
    var remaining = new ArrayList<>(edited.lines().toList());
    return text.lines()
        .filter(line -> !remaining.remove(line))
        .filter(line -> !line.contains("{") && !line.contains("["))
        .toList();
  }

  private static String pointer(String path) {
    return "/" + path.replace("]", "").replace('[', '/').replace('.', '/');
  }
}
