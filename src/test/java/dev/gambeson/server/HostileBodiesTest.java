package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gambeson.cli.Gambeson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A replica as the chart runs it, in 512Mi, outlives 16 hostile bodies at once. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class HostileBodiesTest {
  private static final int ROUNDS = 3;
  private static final int BOUND = 16 * 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long CONTAINER = 512L * 1024 * 1024;

  @TempDir Path folder;

  @Test
  void sixteenAtOnceEndNoReplica() throws Exception {
    var process = serve();
    try (var client =
        HttpClient.newBuilder().sslContext(TestClients.trusting(TestServer.CERTIFICATE)).build()) {
      var address =
          URI.create(
              "https://127.0.0.1:" + logged(process, "webhooks: https:") + "/validate/strict");
      var bodies = bodies();

      int slow = 0;
      for (int round = 0; round < ROUNDS; round++) {
        var statuses = bodies.stream().map(body -> status(client, post(address, body))).toList();
        do {
          assertThat(review(client, address).body()).contains("\"allowed\":false");
        } while (!statuses.stream().allMatch(CompletableFuture::isDone));
        for (var status : statuses) {
          assertThat(status.join()).isIn(200, 400, 408, 413, 503);
          slow += status.join() == 408 ? 1 : 0;
        }
      }

      assertThat(cutOff(client, process)).isEqualTo(slow);
      assertThat(review(client, address).body()).contains("\"allowed\":false");
      assertThat(process.isAlive()).isTrue();
      assertThat(mostMemory(process)).isLessThan(CONTAINER);
    } finally {
      process.destroyForcibly();
    }
  }

  /** With the flags of the image, in the memory of the chart, for which the JVM chooses this GC. */
  private Process serve() throws IOException {
    Files.writeString(folder.resolve("tls.crt"), TestServer.CERTIFICATE.chainPem());
    Files.writeString(folder.resolve("tls.key"), TestServer.CERTIFICATE.keyPem());
    Files.writeString(folder.resolve("ca.crt"), TestServer.CERTIFICATE.authoritiesPem());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(
        List.of(
            "-XX:MaxRAM=" + CONTAINER,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path")));
    command.add(Gambeson.class.getName());
    command.addAll(
        List.of(
            "serve",
            "--host",
            "127.0.0.1",
            "--https-port",
            "0",
            "--http-port",
            "0",
            "--tls-dir",
            folder.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  /** The options of the Dockerfile's JVM, without the cache that only the image has. */
  private static List<String> flags() throws IOException {
    var entrypoint =
        Pattern.compile("ENTRYPOINT \\[\"[^\"]*/java\", (.*), \"-jar\"")
            .matcher(Files.readString(Path.of("Dockerfile")));
    assertThat(entrypoint.find()).isTrue();
    return Arrays.stream(entrypoint.group(1).split(", "))
        .map(flag -> flag.replace("\"", ""))
        .filter(flag -> !flag.startsWith("-XX:AOTCache="))
        .toList();
  }

  /** An answer's status; 408 also where its client was cut off before it read it. */
  private static CompletableFuture<Integer> status(HttpClient client, HttpRequest request) {
    return client
        .sendAsync(request, BodyHandlers.discarding())
        .handle((answer, cut) -> cut == null ? answer.statusCode() : 408);
  }

  /**
   * How many clients the server has cut off: on a busy machine the test is one that is too slow.
   */
  private int cutOff(HttpClient client, Process process) throws IOException, InterruptedException {
    var metrics =
        URI.create("http://127.0.0.1:" + logged(process, "management: http:") + "/metrics");
    var answer =
        client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    return answer
        .lines()
        .filter(line -> line.startsWith("gambeson_bad_requests_total{reason=\"too-slow\"} "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  /** The port that the log tells behind that. */
  private String logged(Process process, String name) {
    var port = Pattern.compile(Pattern.quote(name) + "//127.0.0.1:(\\d+)/");
    var found =
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  assertThat(process.isAlive()).isTrue();
                  return port.matcher(Files.readString(log())).results().findFirst();
                },
                Optional::isPresent);
    return found.orElseThrow().group(1);
  }

  private Path log() {
    return folder.resolve("log");
  }

  private static HttpResponse<String> review(HttpClient client, URI address)
      throws IOException, InterruptedException {
    var answer =
        client.send(post(address, SampleReview.JSON.getBytes(US_ASCII)), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static HttpRequest post(URI address, byte[] body) {
    return HttpRequest.newBuilder(address)
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private static List<byte[]> bodies() {
    return List.of(
        pod("\"tolerations\":[", "{},", 1_000_000, "{}]"),
        pod("\"tolerations\":[", "{},", 5_000_000, "{}]"),
        pod("\"volumes\":[", "{\"name\":\"v\",\"emptyDir\":{}},", 500_000, "{}]"),
        pod("\"hostAliases\":[", "{\"ip\":\"1\",\"hostnames\":[\"a\"]},", 190_000 / 4, "{}]"),
        pod("\"imagePullSecrets\":[", "{},", 199_000, "{}]"),
        pod("\"nodeSelector\":{", "\"a\":\"b\",", 1_500_000, "\"c\":\"d\"}"),
        pod("\"unknown\":[", "[],", 5_000_000, "[]]"),
        pod("\"overhead\":{", "\"example.com/r#\":\"1\",", 190_000, "\"c\":\"1\"}"),
        pod("\"unknown\":", "[", 8_000_000, ""),
        pod("\"unknown\":", "{\"a\":", 3_000_000, ""),
        pod("\"hostname\":\"", "x", 16_000_000, "\""),
        pod("\"hostname\":\"", "\\u00e9", 2_600_000, "\""),
        pod("\"nodeSelector\":{", "\"k#\":\"v\",", 190_000, "\"c\":\"d\"}"),
        pod(
            "\"initContainers\":[",
            "{\"name\":\"i\",\"image\":\"nginx\",\"args\":[\"a\",\"b\"]},",
            300_000,
            "{}]"),
        pod("\"unknown\":\"", "x", BOUND, "\""),
        "x".repeat(BOUND).getBytes(US_ASCII));
  }

  /**
   * The review of a pod whose spec has besides a container a field of so many parts.
   *
   * @param part with {@code #} for its number
   */
  private static byte[] pod(String begin, String part, int parts, String end) {
    var repeated =
        part.contains("#")
            ? IntStream.range(0, parts)
                .mapToObj(i -> part.replace("#", Integer.toString(i)))
                .collect(Collectors.joining())
            : part.repeat(parts);
    return SampleReview.JSON
        .replace("\"spec\":{", "\"spec\":{" + begin + repeated + end + ",")
        .getBytes(US_ASCII);
  }

  /** The largest resident set of a process so far. */
  private static long mostMemory(Process process) throws IOException {
    var kilobytes =
        Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(kilobytes.replaceAll("\\D", "")) * 1024;
  }
}
