package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Instant READ = Instant.parse("2026-11-21T08:00:00Z");
  private static final ConfigurationFile.State GOOD =
      new ConfigurationFile.State(TestServer.configuration(true), READ, null);

  @Test
  void aBadEditOfTheConfigurationShowsAndTakesNoReplicaOut() {
    var bad =
        new ConfigurationFile.State(GOOD.configuration(), READ, "gambeson.yaml:3:1: no such key");

    var readiness = new Readiness(false, bad, TestServer.CERTIFICATE, Instant.now());

    assertThat(readiness.ready()).isTrue();
    assertThat(readiness.verbose())
        .contains(
            "[-] configuration: the file is bad, the one read at 2026-11-21T08:00:00Z stays in force")
        .endsWith("\nready\n");
  }

  @Test
  void anExpiredCertificateShows() {
    var later = TestServer.CERTIFICATE.expiry().plus(1, ChronoUnit.DAYS);

    assertThat(new Readiness(false, GOOD, TestServer.CERTIFICATE, later).verbose())
        .contains("[-] certificate: expired on ");
  }

  @Test
  void drainingIsNotReady() {
    var readiness = new Readiness(true, GOOD, TestServer.CERTIFICATE, Instant.now());

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.verbose()).contains("[-] draining").endsWith("not ready\n");
  }
}
