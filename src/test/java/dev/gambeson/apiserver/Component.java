package dev.gambeson.apiserver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running process of Kubernetes; what it prints goes to a file beside its data. */
record Component(String name, Process process, Path log) implements AutoCloseable {

  /**
   * Ends the component when its standard input does, which is when this JVM ends, however it does.
   */
  private static final String WATCHED =
      "exec 3<&0; (cat <&3 >/dev/null; kill $$) & exec \"$@\" 3<&- </dev/null";

  static Component start(Path command, Path folder, List<String> arguments) throws IOException {
    var name = command.getFileName().toString();
    var log = folder.resolve(name + ".log");
    var process =
        new ProcessBuilder("sh", "-c", WATCHED, "sh", command.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process.command().addAll(arguments);
    return new Component(name, process.start(), log);
  }

  /** Fails where the process has ended, for a condition that it should fulfil never comes then. */
  void mustRun() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          name + " ended with " + process.exitValue() + "; see " + log.toAbsolutePath());
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
