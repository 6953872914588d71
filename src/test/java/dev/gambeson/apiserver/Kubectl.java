package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real kubectl. */
record Kubectl(Path command, Path kubeconfig) {

  /**
   * Runs it with arguments.
   *
   * @param input what it reads from standard input, {@code -f -}
   */
  Command.Result run(String input, String... arguments) throws IOException, InterruptedException {
    return Command.run(
        Map.of(
            "KUBECONFIG", kubeconfig.toString(),
            "KUBECACHEDIR", kubeconfig.resolveSibling("kubectl-cache").toString()),
        input,
        Stream.concat(Stream.of(command.toString()), List.of(arguments).stream()).toList());
  }

  /** Runs it where it must succeed, and returns what it printed. */
  String succeed(String input, String... arguments) throws IOException, InterruptedException {
    var result = run(input, arguments);
    assertThat(result.exitCode())
        .as(() -> "kubectl %s: %s".formatted(String.join(" ", arguments), result.errors()))
        .isZero();
    return result.output();
  }
}
