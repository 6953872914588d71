package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.tls.ServingCertificates;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final ServingCertificates.State CERTIFICATES =
      ServingCertificates.of(TestServer.CERTIFICATE).state();

  private static final Instant READ = Instant.parse("2026-11-21T08:00:00Z");
  private static final LiveConfiguration.State GOOD =
      new LiveConfiguration.State(TestServer.configuration(true), READ, null, true);

  @Test
  void aBadEditOfTheConfigurationShowsAndTakesNoReplicaOut() {
    var bad =
        new LiveConfiguration.State(
            GOOD.configuration(), READ, "gambeson.yaml:3:1: no such key", true);

    var readiness = new Readiness(false, true, true, bad, CERTIFICATES, List.of(), Instant.now());

    assertThat(readiness.ready()).isTrue();
    assertThat(readiness.verbose())
        .contains(
            "[-] configuration: the present one is not valid, the one read at 2026-11-21T08:00:00Z stays in"
                + " force")
        .endsWith("\nready\n");
  }

  @Test
  void aBadConfigurationWithNoGoodOneBehindItShows() {
    var bad =
        new LiveConfiguration.State(
            GOOD.configuration(), READ, "gambeson.yaml:3:1: no such key\nmore", false);

    var readiness = new Readiness(false, true, false, bad, CERTIFICATES, List.of(), Instant.now());

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.brief()).contains("no good configuration");
    assertThat(readiness.verbose())
        .contains("[-] configuration: there is no valid one: gambeson.yaml:3:1: no such key\n")
        .endsWith("\nnot ready\n");
  }

  @Test
  void anExpiredCertificateIsNotReady() {
    var later = TestServer.CERTIFICATE.expiry().plus(1, ChronoUnit.DAYS);

    var readiness = new Readiness(false, true, true, GOOD, CERTIFICATES, List.of(), later);

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.verbose()).contains("[-] certificate: expired on ");
  }

  @Test
  void aCertificateThatWasNeverPublishedIsNotReady() {
    var unpublished =
        new ServingCertificates.State(TestServer.CERTIFICATE, false, List.of("refused"));

    var readiness = new Readiness(false, true, false, GOOD, unpublished, List.of(), Instant.now());

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.verbose())
        .contains("[-] certificate: its CA is not published", "[-] refused");
  }

  @Test
  void aCaBundleThatIsOverwrittenTakesNoReplicaOut() {
    var overwritten = new ServingCertificates.State(TestServer.CERTIFICATE, false, List.of());

    assertThat(
            new Readiness(false, true, true, GOOD, overwritten, List.of(), Instant.now()).ready())
        .isTrue();
  }

  @Test
  void whatIsWrongWithTheReleaseShows() {
    var readiness =
        new Readiness(
            false,
            true,
            true,
            GOOD,
            CERTIFICATES,
            List.of("ConfigMap is not watched"),
            Instant.now());

    assertThat(readiness.ready()).isTrue();
    assertThat(readiness.verbose()).contains("[-] ConfigMap is not watched");
  }

  @Test
  void drainingIsNotReady() {
    var readiness = new Readiness(true, true, true, GOOD, CERTIFICATES, List.of(), Instant.now());

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.verbose()).contains("[-] draining").endsWith("not ready\n");
  }

  @Test
  void aServerThatIsNotWarmIsNotReady() {
    var readiness = new Readiness(false, false, true, GOOD, CERTIFICATES, List.of(), Instant.now());

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.brief()).isEqualTo("warming up\n");
    assertThat(readiness.verbose()).contains("\n[-] warming up\n").endsWith("\nnot ready\n");
  }
}
