package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.tls.TlsDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsCommandTest {
  @TempDir Path folder;

  @Test
  void writesWhatServeReads() throws Exception {
    var out = folder.resolve("made");

    var certs =
        Invocation.of(
            "certs",
            "--out",
            out.toString(),
            "--dns",
            "a.b.svc",
            "--dns",
            "127.0.0.1",
            "--days",
            "3");

    assertThat(certs.exitCode()).isZero();
    assertThat(certs.err()).isEmpty();
    assertThat(certs.out()).contains("gambeson serve --tls-dir " + out);
    var loaded = new TlsDirectory(out).load(Instant.now());
    assertThat(loaded.names()).containsExactly("a.b.svc", "127.0.0.1");
    assertThat(loaded.expiry())
        .isBetween(Instant.now().plus(Duration.ofDays(2)), Instant.now().plus(Duration.ofDays(4)));
  }

  @Test
  void overwritesOnlyIfTold() throws Exception {
    Files.writeString(folder.resolve("tls.key"), "precious");

    var refused = Invocation.of("certs", "--out", folder.toString(), "--dns", "a");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "gambeson: "
                + folder.resolve("tls.key")
                + " is there already: --force overwrites"
                + System.lineSeparator());
    assertThat(folder.resolve("tls.key")).hasContent("precious");
    assertThat(folder.resolve("tls.crt")).doesNotExist();

    assertThat(
            Invocation.of("certs", "--out", folder.toString(), "--dns", "a", "--force").exitCode())
        .isZero();
    assertThat(new TlsDirectory(folder).load(Instant.now()).names()).containsExactly("a");
  }

  @Test
  void badUsageIsTwo() {
    assertThat(Invocation.of("certs").exitCode()).isEqualTo(2);
    assertThat(Invocation.of("certs", "--dns", "no_name").err())
        .contains("\"no_name\" is neither a DNS name nor an IP address");
    assertThat(Invocation.of("certs", "--dns", "a", "--days", "0").exitCode()).isEqualTo(2);
  }
}
