package dev.gambeson.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServeCommandTest {
  @TempDir Path folder;

  @Test
  void tellsHowToTryItAndStopsInOrder() throws Exception {
    var process =
        gambeson("serve", "--https-port", "0", "--http-port", "0", "--ca-out", ca().toString());
    try (var log = process.errorReader(UTF_8)) {
      var greeting = readUntil(log, "or, once");

      assertThat(
              positions(greeting, "webhooks: https:", "warming up", "warmed up by", "certificate"))
          .doesNotContain(-1)
          .isSorted();
      assertThat(greeting)
          .anySatisfy(line -> assertThat(line).contains("profiles observe, standard, strict"))
          .anySatisfy(line -> assertThat(line).contains("localhost, 127.0.0.1, 0:0:0:0:0:0:0:1"))
          .anySatisfy(line -> assertThat(line).contains("management: http://0.0.0.0:"));
      assertThat(ca()).content().startsWith("-----BEGIN CERTIFICATE-----");
      assertThat(tried(greeting)).contains("\"uid\":\"try-it\"").contains("\"allowed\":false");

      // Not the process itself: that would close its streams as well.
      process.toHandle().destroy();
      assertThat(readUntil(log, "stopped"))
          .anySatisfy(line -> assertThat(line).contains("told to stop"));
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void servesOnForAsLongAsItIsTold() throws Exception {
    var process = gambeson("serve", "--https-port", "0", "--http-port", "0", "--drain", "5");
    try (var log = process.errorReader(UTF_8)) {
      var greeting = readUntil(log, "or, once");

      process.toHandle().destroy();
      readUntil(log, "told to stop: no longer ready, and serving on for up to 5 s");
      assertThat(tried(greeting)).contains("\"allowed\":false");
      readUntil(log, "stopped");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aPortInUseIsOneLineAndExitCodeOne() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var serve =
          Invocation.of(
              "serve",
              "--host",
              "127.0.0.1",
              "--http-port",
              "0",
              "--https-port",
              String.valueOf(taken.getLocalPort()));

      assertThat(serve.exitCode()).isEqualTo(1);
      assertThat(serve.err())
          .startsWith("gambeson: cannot listen on 127.0.0.1, port " + taken.getLocalPort())
          .hasLineCount(1);
    }
  }

  @Test
  void aPortInUseIsToldBeforeAnythingElse() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      var process =
          gambeson("serve", "--host", "127.0.0.1", "--https-port", "0", "--http-port", port);
      try (var log = process.errorReader(UTF_8)) {
        assertThat(log.lines())
            .singleElement(STRING)
            .startsWith("gambeson: cannot listen on 127.0.0.1, port " + port);
        assertThat(process.waitFor()).isEqualTo(1);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aKeyThatCannotBeReadIsOneLineAndExitCodeOne() {
    var tls = Invocation.of("serve", "--tls-dir", folder.toString());
    assertThat(tls.exitCode()).isEqualTo(1);
    assertThat(tls.err())
        .isEqualTo(
            "gambeson: " + folder.resolve("tls.crt") + " is missing" + System.lineSeparator());
  }

  @Test
  void aConfigurationThatCannotBeUsedIsExitCodeTwo() throws IOException {
    var missing = Invocation.of("serve", "--config", folder.resolve("none.yaml").toString());
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("none.yaml: there is no such file").hasLineCount(1);

    var config = Files.writeString(folder.resolve("bad.yaml"), "kind: Nonsense\n");
    var bad = Invocation.of("serve", "--config", config.toString());
    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.err())
        .contains("bad.yaml:1:1: apiVersion: is missing", "bad.yaml:1:1: kind: must be");
  }

  @Test
  void anEditOfTheConfigurationComesIntoForceWithoutARestart() throws Exception {
    var good = "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n";
    var config = Files.writeString(folder.resolve("gambeson.yaml"), good);
    var process =
        gambeson("serve", "--https-port", "0", "--http-port", "0", "--config", config.toString());
    try (var log = process.errorReader(UTF_8)) {
      readUntil(log, "or, once");
      Files.writeString(config, good + "enforcement: maybe\n");
      assertThat(readUntil(log, "stays in force"))
          .anySatisfy(
              line -> assertThat(line).contains("yaml:3:1: enforcement: must be enforce or warn"));
      Files.writeString(config, good + "enforcement: warn\n");
      assertThat(readUntil(log, "is in force").getLast()).contains("gambeson.yaml");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void badUsageIsTwo() {
    assertThat(Invocation.of("serve", "--https-port", "70000").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("serve", "--http-port", "x").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("serve", "--drain", "-1").exitCode()).isEqualTo(2);
  }

  private static List<Integer> positions(List<String> lines, String... parts) {
    return Stream.of(parts)
        .map(part ->
            lines.indexOf(
                lines.stream().filter(line -> line.contains(part)).findFirst().orElse("")))
        .toList();
  }

  private Path ca() {
    return folder.resolve("ca.crt");
  }

  private static Process gambeson(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Gambeson.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }

  /** Runs the command line that the log offers. */
  private static String tried(List<String> greeting) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl");
    var line =
        greeting.stream().filter(each -> each.contains("try it: ")).findFirst().orElseThrow();
    var curl =
        new ProcessBuilder("/bin/sh", "-c", line.substring(line.indexOf("curl ")))
            .redirectErrorStream(true)
            .start();
    var answer = new String(curl.getInputStream().readAllBytes(), UTF_8);
    assertThat(curl.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return answer;
  }

  private static List<String> readUntil(BufferedReader log, String end) throws IOException {
    var lines = new ArrayList<String>();
    for (var line = log.readLine(); line != null; line = log.readLine()) {
      lines.add(line);
      if (line.contains(end)) {
        return lines;
      }
    }
    throw new AssertionError("the log ended: " + lines);
  }
}
