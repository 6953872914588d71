package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The real kubectl. */
record Kubectl(Path command, Path kubeconfig) {

  /** What a call printed, and its exit code. */
  record Result(int exitCode, String output, String errors) {}

  /**
   * Runs it with arguments.
   *
   * @param input what it reads from standard input, {@code -f -}
   */
  Result run(String input, String... arguments) throws IOException, InterruptedException {
    var errors = Files.createTempFile("kubectl", ".err");
    var in = Files.writeString(Files.createTempFile("kubectl", ".in"), input);
    try {
      var builder =
          new ProcessBuilder(command.toString())
              .redirectInput(in.toFile())
              .redirectError(errors.toFile());
      builder.command().addAll(List.of(arguments));
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder
          .environment()
          .put("KUBECACHEDIR", kubeconfig.resolveSibling("kubectl-cache").toString());
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Result(process.waitFor(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
      Files.delete(in);
    }
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
