package dev.gambeson.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The run of which the JVM makes its ahead-of-time cache ({@code -XX:AOTCacheOutput}): it loads the
 * classes and runs the code that a server and a short command need.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Reviews samples and ends, to train an ahead-of-time cache of the JVM.")
final class TrainCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--reviews", paramLabel = "N", description = "How many reviews a server does.")
  int reviews = 10_000;

  @Parameters(paramLabel = "FILE", description = "Manifests to review.")
  List<Path> files = List.of();

  @Override
  public Integer call() {
    if (reviews > 0) {
      WarmUp.run(reviews);
    }
    for (var file : files) {
      int exit = spec.root().commandLine().execute("review", file.toString());
      if (exit == ExitCodes.UNUSABLE) {
        return exit;
      }
    }
    return ExitCodes.FINE;
  }
}
