package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.cluster.GeneratedApi;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Judges clusters with more pods than fit into the heap, whose size depends on the number of
 * workloads alone. {@code -Dgambeson.pods=150000 -Dgambeson.workloads=5000} make one as large as
 * Kubernetes allows, and print times.
 */
class LargeClusterTest {
  private static final int WORKLOADS = Integer.getInteger("gambeson.workloads", 40);
  private static final int PODS = Integer.getInteger("gambeson.pods", 8000);

  /** In MiB. */
  private static final int HEAP = Integer.getInteger("gambeson.heap", 40 + WORKLOADS / 8);

  @TempDir Path folder;

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of(List.of("-p", "strict", "-o", "json"), "/summary/objects"),
        Arguments.of(List.of("-p", "strict", "--stale", "-o", "json"), "/workloads"),
        Arguments.of(List.of("--compare", "standard", "strict", "-o", "json"), "/changes"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHeapNeedsRoomForTheWorkloadsOnly(List<String> options, String counted) throws Exception {
    try (var api = new GeneratedApi(WORKLOADS, PODS)) {
      var kubeconfig = Objects.requireNonNull(api.access(folder).kubeconfig());
      var words =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx" + HEAP + "m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Gambeson.class.getName(),
                  "review",
                  "--cluster",
                  "-A",
                  "--kubeconfig=" + kubeconfig));
      words.addAll(options);
      long begun = System.nanoTime();

      var output = run(words);

      if (Integer.getInteger("gambeson.pods") != null) {
        System.out.printf(
            "%d pods of %d workloads, review %s: %.1f s with a heap of %d MiB%n",
            PODS,
            WORKLOADS,
            String.join(" ", options),
            Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0,
            HEAP);
      }
      var count = new ObjectMapper().readTree(output.toFile()).at(counted);
      assertThat(count.isArray() ? count.size() : count.asInt())
          .as(() -> text(errors()))
          .isEqualTo(WORKLOADS);
    }
  }

  private Path run(List<String> words) throws IOException, InterruptedException {
    var output = folder.resolve("output").toFile();
    var process = new ProcessBuilder(words).redirectOutput(output).redirectError(errors()).start();
    assertThat(process.waitFor()).as(() -> text(errors())).isLessThan(ExitCodes.UNUSABLE);
    return output.toPath();
  }

  private File errors() {
    return folder.resolve("errors").toFile();
  }

  private static String text(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      return e.toString();
    }
  }
}
