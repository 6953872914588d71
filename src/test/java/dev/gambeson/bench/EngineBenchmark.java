package dev.gambeson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.admission.Webhook;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From the bytes of a review to those of its answer, over the reviews in turns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EngineBenchmark {
  /** Where {@link Reviews} has written them. */
  private static final Path FOLDER = Path.of("target/bench/reviews");

  private final Engine engine = new Engine();
  private final ObjectMapper mapper = new ObjectMapper();
  private List<byte[]> unfixed = List.of();
  private List<byte[]> fixed = List.of();
  private List<byte[]> denied = List.of();
  private int turn;

  @Setup
  public void read() throws IOException {
    unfixed = bodies("unfixed");
    fixed = bodies("fixed");
    denied = bodies("denied");
  }

  private static List<byte[]> bodies(String file) throws IOException {
    return Files.readAllLines(FOLDER.resolve(file)).stream()
        .map(line -> line.replace(Reviews.SERIAL, "000000000001").getBytes(UTF_8))
        .toList();
  }

  /** For comparison: the body as a tree, nothing else. */
  @Benchmark
  public JsonNode tree() throws IOException {
    return mapper.readTree(next(fixed));
  }

  /** Reading alone: the body as a model. */
  @Benchmark
  public Pod model() {
    return engine.read(next(fixed));
  }

  @Benchmark
  public byte[] mutate() {
    return engine.answer(Webhook.MUTATE, next(unfixed));
  }

  @Benchmark
  public byte[] validate() {
    return engine.answer(Webhook.VALIDATE, next(fixed));
  }

  @Benchmark
  public byte[] deny() {
    return engine.answer(Webhook.VALIDATE, next(denied));
  }

  private byte[] next(List<byte[]> bodies) {
    turn = (turn + 1) % bodies.size();
    return bodies.get(turn);
  }
}
