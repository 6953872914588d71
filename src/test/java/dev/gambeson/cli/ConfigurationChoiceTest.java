package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationChoiceTest {
  private static final String LAX =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      enforcement: warn
      """;

  private static final String PRIVILEGED =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: root}
      spec:
        containers:
        - {name: root, image: nginx, securityContext: {privileged: true}}
      """;

  @TempDir Path folder;
  private final ConfigurationChoice choice = new ConfigurationChoice();

  @Test
  void theConfigurationOfTheWorkingDirectoryIsFollowedAndTold() throws IOException {
    assertThat(choice.read(folder).configuration().enforce()).isTrue();
    assertThat(choice.read(folder).found()).isNull();

    Files.writeString(folder.resolve(".gambeson.yaml"), LAX);

    assertThat(choice.read(folder).configuration().enforce()).isFalse();
    assertThat(choice.read(folder).found()).isEqualTo(".gambeson.yaml of the working directory");
  }

  @Test
  void aNamedConfigurationIsFollowedInItsPlace() throws IOException {
    Files.writeString(folder.resolve(".gambeson.yaml"), "nonsense");
    choice.file =
        Files.writeString(
                folder.resolve("named.yaml"),
                LAX.replace("enforcement: warn", "defaultProfile: strict"))
            .toString();

    assertThat(choice.read(folder).configuration().defaultProfile()).isEqualTo("strict");
    assertThat(choice.read(folder).found()).isNull();
  }

  @Test
  void aConfigurationOfTheWorkingDirectoryThatCannotBeReadIsNotPassedOver() throws IOException {
    var own = folder.resolve(".gambeson.yaml");
    Files.createSymbolicLink(own, Path.of("missing"));
    assertThatThrownBy(() -> choice.read(folder))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(".gambeson.yaml: ");
    Files.delete(own);
    Files.writeString(own, "kind: Nonsense");
    assertThatThrownBy(() -> choice.read(folder))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(".gambeson.yaml:1:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--config a.yaml --config-from-cluster | give one of them",
        "--config a.yaml --config-map a/b | give one of them",
        "--context prod | are for --cluster and --config-from-cluster",
        "--kubeconfig k | are for --cluster and --config-from-cluster",
        "--config-map gambeson | must be NAMESPACE/NAME, not \"gambeson\"",
        "--config-map /a | must be NAMESPACE/NAME",
        "--config-from-cluster --kubeconfig missing | the kubeconfig cannot be read: ",
      })
  void whatCannotBeFollowedIsNoVerdict(String options, String reason) {
    var arguments = new ArrayList<>(List.of("review"));
    arguments.addAll(List.of(options.split(" ", -1)));
    arguments.add("web.yaml");

    var review = Invocation.of(arguments.toArray(String[]::new));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.out()).isEmpty();
    assertThat(review.err()).contains(reason);
  }

  /** A repository must not relax its own verdict unseen. */
  @Test
  void theFirstLineTellsOfTheConfigurationOfTheWorkingDirectoryAndNoOther() throws Exception {
    Files.writeString(folder.resolve(".gambeson.yaml"), LAX);
    var below = Files.createDirectory(folder.resolve("k8s"));
    Files.writeString(below.resolve(".gambeson.yaml"), "nonsense");
    Files.writeString(below.resolve("a.yaml"), PRIVILEGED);

    var text = gambeson("review", "k8s");
    assertThat(text.exitCode()).isZero();
    assertThat(text.output())
        .startsWith("configuration: .gambeson.yaml of the working directory\n");
    assertThat(text.errors()).isEmpty();

    var json = gambeson("review", "--output", "json", "k8s");
    assertThat(new ObjectMapper().readTree(json.output()).at("/reviews/0/allowed").asBoolean())
        .isTrue();
    assertThat(json.errors()).isEqualTo("configuration: .gambeson.yaml of the working directory\n");
  }

  /** In the folder, as a person does. */
  private Command.Result gambeson(String... arguments) throws IOException, InterruptedException {
    var words =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "cd \"$0\" && exec \"$@\"",
                folder.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Gambeson.class.getName()));
    words.addAll(List.of(arguments));
    return Command.run(Map.of(), "", words);
  }
}
