package dev.gambeson;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** A program that tests run as a person does. */
public final class Command {

  /** What it printed, and its exit code. */
  public record Result(int exitCode, String output, String errors) {}

  private Command() {}

  /**
   * Runs a program to its end.
   *
   * @param environment beside that of the tests
   * @param input what it reads from standard input
   */
  public static Result run(Map<String, String> environment, String input, List<String> words)
      throws IOException, InterruptedException {
    var errors = Files.createTempFile("command", ".err");
    var in = Files.writeString(Files.createTempFile("command", ".in"), input);
    try {
      var builder =
          new ProcessBuilder(words).redirectInput(in.toFile()).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Result(process.waitFor(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
      Files.delete(in);
    }
  }
}
