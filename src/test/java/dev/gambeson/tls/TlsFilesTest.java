package dev.gambeson.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that stay, under a clock that does not. */
class TlsFilesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-11-21T08:00:00Z");

  @Test
  void aClockThatJumpsShowsAndTheCertificateIsServedOn() throws Exception {
    var certificate = new CertificateAuthority(DAY, () -> now).issue(List.of("localhost"), DAY);
    new TlsDirectory(folder).write(certificate);
    try (var files = TlsFiles.open(new TlsDirectory(folder), () -> now)) {
      now = now.plus(DAY.multipliedBy(2));
      awaitProblems(
          files, List.of(folder.resolve("tls.crt") + " has expired on 2026-11-22T08:00:00Z"));

      now = now.minus(DAY.multipliedBy(500));
      await()
          .until(
              () -> files.state().problems().toString(),
              text -> text.contains("is not valid before 2025-11-21"));
      assertThat(files.state().certificate()).isEqualTo(certificate);

      now = Instant.parse("2026-11-21T08:00:00Z");
      awaitProblems(files, List.of());
      assertThat(files.state().certificate()).isEqualTo(certificate);
    }
  }

  private static void awaitProblems(TlsFiles files, List<String> problems) {
    await().until(() -> files.state().problems(), problems::equals);
  }
}
