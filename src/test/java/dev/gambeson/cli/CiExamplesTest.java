package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The examples for pipelines and hooks, run as far as they run without their hosts. */
class CiExamplesTest {
  private static final Path EXAMPLES = Path.of("examples/ci").toAbsolutePath();
  private static final String GOOD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: web, image: "nginx:1.29"}]
      """;
  private static final String BAD =
      GOOD.replace("1.29\"", "1.29\", securityContext: {privileged: true}");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private Path repository;

  @BeforeEach
  void prepare() throws Exception {
    var gambeson = Files.createDirectories(folder.resolve("bin")).resolve("gambeson");
    Files.writeString(
        gambeson,
        "#!/bin/sh\nexec '%s/bin/java' -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                Gambeson.class.getName()));
    Files.setPosixFilePermissions(gambeson, PosixFilePermissions.fromString("rwxr-xr-x"));
    repository = Files.createDirectories(folder.resolve("a repository"));
    git("init", "--quiet");
    Files.copy(EXAMPLES.resolve("pre-commit"), repository.resolve(".git/hooks/pre-commit"));
  }

  @Test
  void theHookJudgesWhatIsStaged() throws Exception {
    write("deploy/a pod.yaml", BAD);
    git("add", ".");
    write("deploy/a pod.yaml", GOOD);

    var refused = git("commit", "--quiet", "-m", "x");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output() + refused.errors())
        .contains("deploy/a pod.yaml", "Privileged", "--no-verify");

    git("add", ".");
    write("deploy/a pod.yaml", BAD);
    assertThat(git("commit", "--quiet", "-m", "x").exitCode()).isZero();
  }

  @Test
  void theHookHeedsTheConfigurationOfTheRepositoryAndPassesWhatIsNoManifest() throws Exception {
    write("README.md", "x");
    git("add", ".");
    assertThat(git("commit", "--quiet", "-m", "x").exitCode()).isZero();

    write("pod.yaml", BAD);
    write(
        ".gambeson.yaml",
        "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\nenforcement: warn\n");
    git("add", ".");
    assertThat(git("commit", "--quiet", "-m", "x").exitCode()).isZero();
  }

  @Test
  void theActionFailsAndShowsTheVerdictInTheSummary() throws Exception {
    write("good/pod.yaml", GOOD);
    write("a bad/pod.yaml", BAD);

    var good = action("good\n", "strict");
    assertThat(good.exitCode()).as(good.errors()).isZero();

    var bad = action("good\na bad\n", "strict");
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.output()).contains("Privileged");
    assertThat(Files.readString(folder.resolve("summary.md")))
        .contains("### Gambeson review\n\n    ", "Privileged");
    assertThat(MAPPER.readTree(folder.resolve("gambeson.sarif").toFile()).path("version").asText())
        .isEqualTo("2.1.0");

    assertThat(action("nothing-there", "").exitCode()).isEqualTo(2);
  }

  @Test
  void whatTheActionAndTheHookNameIsThere() throws IOException {
    JsonNode action = MAPPER.valueToTree(yaml(EXAMPLES.resolve("action.yml")));
    assertThat(action.path("inputs").fieldNames())
        .toIterable()
        .isNotEmpty()
        .allSatisfy(input -> assertThat(action.toString()).contains("${{ inputs." + input + " }}"));
    assertThat(EXAMPLES.resolve("review.sh")).isExecutable();
    assertThat(EXAMPLES.resolve("../../gambeson").normalize()).isExecutable();
    assertThat(yaml(Path.of(".pre-commit-hooks.yaml")).toString())
        .contains("entry=gambeson review", "language=script");
  }

  private static Object yaml(Path file) throws IOException {
    return new Yaml().load(Files.readString(file));
  }

  private void write(String file, String text) throws IOException {
    var path = repository.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Command.Result action(String manifests, String profile) throws Exception {
    return run(
        Map.of(
            "MANIFESTS",
            manifests,
            "PROFILE",
            profile,
            "SARIF",
            folder.resolve("gambeson.sarif").toString(),
            "GITHUB_STEP_SUMMARY",
            folder.resolve("summary.md").toString()),
        EXAMPLES.resolve("review.sh").toString());
  }

  private Command.Result git(String... arguments) throws Exception {
    var words =
        new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.com"));
    words.addAll(List.of(arguments));
    return run(Map.of(), words.toArray(String[]::new));
  }

  /** In the repository, with this Gambeson on the path. */
  private Command.Result run(Map<String, String> environment, String... words) throws Exception {
    var line = new ArrayList<>(List.of("env", "-C", repository.toString()));
    line.add("PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH"));
    line.addAll(List.of(words));
    return Command.run(environment, "", line);
  }
}
