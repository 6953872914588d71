package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./gambeson}, with a Java and a Maven that only say that they were called. */
class LauncherTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private Path home;
  private Path jar;

  @BeforeEach
  void checkOut() throws IOException {
    home = Files.createDirectories(folder.resolve("a home"));
    jar = home.resolve("target/gambeson.jar");
    Files.copy(Path.of("gambeson"), home.resolve("gambeson"));
    home.resolve("gambeson").toFile().setExecutable(true);
    write(home.resolve("pom.xml"), "");
    write(home.resolve("src/main/java/A.java"), "");
    write(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(
        folder.resolve("jdk/bin/java"), "case \"$*\" in *train*) ;; *) echo java \"$@\" ;; esac");
    maven("mkdir -p '" + jar.getParent() + "'; echo built > '" + jar + "'");
    for (var source : List.of("pom.xml", "src/main", "src/main/java", "src/main/java/A.java")) {
      age(home.resolve(source), LONG_AGO);
    }
  }

  @Test
  void buildsTheJarWhereThereIsNone() throws Exception {
    var run = gambeson("version");

    assertThat(run.errors()).contains("target/gambeson.jar is not built yet: building it");
    assertThat(run.output()).contains("java -XX", "-jar " + jar + " version");
    assertThat(gambeson("version").errors()).as("the second time").isEmpty();
  }

  @Test
  void buildsTheJarAgainWhereASourceIsNewer() throws Exception {
    write(jar, "old");
    age(jar, LONG_AGO.plusSeconds(60));
    age(home.resolve("src/main/java/A.java"), LONG_AGO.plusSeconds(120));

    var run = gambeson("version");

    assertThat(run.errors())
        .contains(
            "target/gambeson.jar is older than src/main/java/A.java: building it",
            "writing target/gambeson.aot");
    assertThat(jar).content().isEqualTo("built\n");
    assertThat(run.output()).contains("-jar " + jar + " version");
    assertThat(gambeson("version").errors()).as("the second time").isEmpty();
  }

  @Test
  void aJarThatComesOutTheSameIsNotBuiltForEver() throws Exception {
    write(jar, "same");
    age(jar, LONG_AGO.minusSeconds(60));
    maven("");

    assertThat(gambeson("version").errors()).contains("older than");
    assertThat(gambeson("version").errors()).isEmpty();
  }

  @Test
  void aBuildThatFailsLeavesNoOldJarToRun() throws Exception {
    write(jar, "old");
    age(jar, LONG_AGO.minusSeconds(60));
    maven("echo the compiler says no; exit 1");

    var run = gambeson("version");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("the compiler says no", "gambeson: the build failed");
    assertThat(jar).doesNotExist();
  }

  @Test
  void aLinkOnThePathOfKubectlRunsTheSame() throws Exception {
    write(jar, "built");
    var plugin = folder.resolve("kubectl-gambeson");
    Files.createSymbolicLink(plugin, home.resolve("gambeson"));

    assertThat(run(plugin, "review", "-f", "a b.yaml").output())
        .contains("-jar " + jar + " review -f a b.yaml");
  }

  private Command.Result gambeson(String... arguments) throws Exception {
    return run(home.resolve("gambeson"), arguments);
  }

  private Command.Result run(Path launcher, String... arguments) throws Exception {
    var words = new ArrayList<>(List.of(launcher.toString()));
    words.addAll(List.of(arguments));
    return Command.run(
        Map.of(
            "JAVA_HOME",
            folder.resolve("jdk").toString(),
            "PATH",
            folder.resolve("bin") + ":" + System.getenv("PATH")),
        "",
        words);
  }

  private void maven(String body) throws IOException {
    script(folder.resolve("bin/mvn"), body);
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void age(Path file, Instant when) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(when));
  }
}
