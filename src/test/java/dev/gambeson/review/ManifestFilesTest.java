package dev.gambeson.review;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestFilesTest {
  private static final String POD = "{apiVersion: v1, kind: Pod, metadata: {name: é}}\n";

  @TempDir Path folder;

  @Test
  void aFolderStandsForTheManifestsInItAndBelowInOrder() throws IOException {
    for (var name :
        List.of("b/z.yml", "b/a.json", "a.yaml", "c.YAML", "README.md", "b.yaml", "b/run.sh")) {
      file(name, POD);
    }
    for (var hidden : List.of(".git/config.yaml", "b/.cache/x.yaml", ".gambeson.yaml")) {
      file(hidden, "not: [read");
    }

    var manifests = read("");

    assertThat(manifests.problems()).isEmpty();
    assertThat(manifests.remarks()).isEmpty();
    assertThat(names(manifests))
        .containsExactly("a.yaml", "b/a.json", "b/z.yml", "b.yaml", "c.YAML");
  }

  @Test
  void aHiddenFileOrFolderIsReadByItsName() throws IOException {
    file(".github/web.yaml", POD);
    file(".hidden.yaml", POD);

    assertThat(names(read(".github", ".hidden.yaml")))
        .containsExactly(".github/web.yaml", ".hidden.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.yaml | a.yaml b.yaml",
        "a.y?ml | a.yaml",
        "[!a].yaml | b.yaml",
        "{b,a}.yaml | a.yaml b.yaml",
        "*/*.yaml | d/a.yaml",
        "**/a.yaml | a.yaml d/a.yaml d/e/a.yaml",
        "**/**/a.yaml | a.yaml d/a.yaml d/e/a.yaml",
        "d/**/*.yaml | d/a.yaml d/e/a.yaml",
        "d/** | d/a.yaml d/e/a.yaml",
        "** | a.yaml b.yaml d/a.yaml d/e/a.yaml",
        "* | README.md a.yaml b.yaml d/a.yaml d/e/a.yaml",
        "*/e | d/e/a.yaml",
        ".*/*.yaml | .github/a.yaml",
        ".github/* | .github/a.yaml",
      })
  void aPatternThatNoShellExpandedStandsForWhatItMatches(String pattern, String expected)
      throws IOException {
    for (var name :
        List.of("a.yaml", "b.yaml", "d/a.yaml", "d/e/a.yaml", ".github/a.yaml", "README.md")) {
      file(name, POD);
    }

    var manifests = read(pattern);

    assertThat(manifests.problems()).isEmpty();
    assertThat(names(manifests)).containsExactly(expected.split(" "));
  }

  @Test
  void aFileIsReadOnceAndAFileWithWildcardsInItsNameIsOne() throws IOException {
    file("[a].yaml", POD);
    file("a.yaml", POD);

    assertThat(names(read("[a].yaml", "a.yaml", "", "a.yaml")))
        .containsExactly("[a].yaml", "a.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*.{yaml,json}"})
  void whatIsForOtherProgramsIsPassedOver(String input) throws IOException {
    file("values.yaml", "replicas: 1\n");
    file("Chart.yaml", "apiVersion: v2\nname: x\n");
    file("package.json", "{\"name\": \"x\"}");
    file("list.json", "[1]");
    file("empty.yaml", "# nothing\n");
    file("web.yaml", POD);

    var manifests = read(input);

    assertThat(manifests.problems()).isEmpty();
    assertThat(manifests.remarks())
        .containsExactly(
            "passed over, without a Kubernetes object: "
                + Stream.of("Chart.yaml", "empty.yaml", "list.json", "package.json", "values.yaml")
                    .map(name -> folder.resolve(name).toString())
                    .reduce((one, other) -> one + ", " + other)
                    .orElseThrow());
    assertThat(names(manifests)).containsExactly("web.yaml");
    assertThat(read("values.yaml").problems()).hasSize(1);
  }

  @Test
  void aMistakeInAManifestOfAFolderIsAProblem() throws IOException {
    file("a.yaml", "kind: Pod\nmetadata: {name: a}\n");
    file("b.yaml", "kind: [\n");

    assertThat(read("").problems())
        .hasSize(2)
        .first()
        .asString()
        .endsWith("this is not a Kubernetes object: it has no apiVersion");
  }

  @Test
  void aNamedFileWithoutAnObjectIsRemarkedOn() throws IOException {
    var empty = file("empty.yaml", "---\n# nothing\n---\n");

    var manifests = read("empty.yaml");

    assertThat(manifests.problems()).isEmpty();
    assertThat(manifests.remarks())
        .containsExactly(empty + ": there is no Kubernetes object in it");
  }

  @Test
  void linksToFilesAreReadAndLinksToFoldersEndNoSearch() throws IOException {
    file("d/a.yaml", POD);
    link("d/b.yaml", "a.yaml");
    link("d/up", "..");
    link("named", "d");

    var manifests = read("d");

    assertThat(names(manifests)).containsExactly("d/a.yaml", "d/b.yaml");
    assertThat(manifests.remarks())
        .singleElement()
        .asString()
        .endsWith("d/up: a link to a folder, which is not followed: name it to read it");
    assertThat(names(read("**/*.yaml"))).containsExactly("d/a.yaml", "d/b.yaml");
    assertThat(names(read("named"))).containsExactly("named/a.yaml", "named/b.yaml");
  }

  @Test
  @Timeout(60)
  void whatCannotBeReadIsOneClearLine() throws Exception {
    var gzip = new ByteArrayOutputStream();
    try (var compressed = new GZIPOutputStream(gzip)) {
      compressed.write(POD.getBytes(UTF_8));
    }
    bytes("chart.tgz", gzip.toByteArray());
    bytes("utf16.yaml", POD.getBytes(UTF_16));
    bytes("powershell.yaml", ("\uFEFF" + POD).getBytes(UTF_16LE));
    bytes("unmarked.yaml", POD.getBytes(UTF_16LE));
    bytes("latin.yaml", ("# a\n" + POD).getBytes(ISO_8859_1));
    bytes("cut.yaml", new byte[] {'a', ':', ' ', (byte) 0xC3});
    bytes("image.yaml", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, (byte) 0xFF});
    bytes("zeros.yaml", "kind: \0\0".getBytes(UTF_8));
    Files.createDirectory(folder.resolve("empty"));
    link("dangling.yaml", "nothing");
    link("loop.yaml", "loop.yaml");
    file("a.yaml", POD);
    new ProcessBuilder("mkfifo", folder.resolve("pipe.yaml").toString()).start().waitFor();

    assertProblem("chart.tgz", "is compressed with gzip: ");
    assertProblem("utf16.yaml", "is UTF-16 text: save it as UTF-8");
    assertProblem("powershell.yaml", "is UTF-16 text: save it as UTF-8");
    assertProblem("unmarked.yaml", "is UTF-16 text: save it as UTF-8");
    assertProblem("latin.yaml", "is not UTF-8 text: byte 0xE9 in line 2");
    assertProblem("cut.yaml", "is not UTF-8 text: byte 0xC3 in line 1");
    assertProblem("image.yaml", "is a binary file, not text");
    assertProblem("zeros.yaml", "is a binary file, not text");
    assertProblem("empty", "no .yaml, .yml or .json file in this folder or below it");
    assertProblem("dangling.yaml", "is a link to a file that does not exist");
    assertProblem("loop.yaml", "is a link that leads back to itself");
    assertProblem("pipe.yaml", "is a pipe, a socket or a device, not a file");
    assertProblem("/dev/zero", "is a pipe, a socket or a device, not a file");
    assertProblem("missing.yaml", "no such file");
    assertProblem("a.yaml/b", "no such file");
    assertProblem("missing*", "no file matches");
    assertProblem("[", "is not a valid pattern: ");
    assertProblem("x".repeat(300), "file name too long");
    assertThat(read("").problems()).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://example.com/web.yaml", "caf\uFFFD.yaml"})
  void whatIsNoNameOfAFileIsOneClearLineToo(String name) {
    assertThat(ManifestFiles.read(List.of(name)).problems())
        .singleElement()
        .asString()
        .containsAnyOf(
            "is a variable empty?",
            "is not downloaded: curl -fsSL https://example.com/web.yaml | gambeson review -",
            "the locale cannot spell this name");
  }

  @Test
  void whatMayNotBeReadIsOneClearLine() throws IOException {
    var secret = file("secret/a.yaml", POD);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assertThat(FileProblem.of(secret, new AccessDeniedException(secret.toString())))
        .isEqualTo("permission denied");
    if (Files.isReadable(secret)) {
      return; // by root, who reads everything
    }
    assertProblem("secret/a.yaml", "permission denied");
    Files.setPosixFilePermissions(secret.getParent(), PosixFilePermissions.fromString("---------"));
    try {
      assertProblem("secret", "permission denied");
      assertProblem("secret/a.yaml", "permission denied");
      assertThat(read("**/a.yaml").problems())
          .containsExactly(secret.getParent() + ": permission denied");
    } finally {
      Files.setPosixFilePermissions(
          secret.getParent(), PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** The bytes that begin some files written on Windows. */
  @Test
  void aByteOrderMarkIsNoPartOfTheText() throws IOException {
    file("a.yaml", "\uFEFF" + POD);

    assertThat(read("a.yaml").problems()).isEmpty();
    assertThat(read("a.yaml").objects()).hasSize(1);
  }

  private void assertProblem(String name, String reason) {
    var manifests = read(name);
    assertThat(manifests.files()).as(name).isEmpty();
    assertThat(manifests.problems())
        .as(name)
        .singleElement()
        .asString()
        .startsWith(folder.resolve(name) + ": " + reason)
        .doesNotContain("\n");
  }

  private Manifests read(String... names) {
    return ManifestFiles.read(
        Stream.of(names).map(name -> folder.resolve(name).toString()).toList());
  }

  private List<String> names(Manifests manifests) {
    return manifests.files().stream()
        .map(file -> folder.relativize(Path.of(file.name())).toString())
        .toList();
  }

  private Path file(String name, String text) throws IOException {
    return bytes(name, text.getBytes(UTF_8));
  }

  private Path bytes(String name, byte[] bytes) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), Path.of(target));
  }
}
