package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.ServingCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeCommandTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path folder;
  private GambesonServer server;
  private Path authorities;

  @BeforeEach
  void start() throws StartupException, IOException {
    var certificate = certificate();
    authorities = Files.writeString(folder.resolve("ca.crt"), certificate.authoritiesPem());
    server =
        GambesonServer.start(
            new GambesonServer.Options(
                "127.0.0.1",
                0,
                0,
                ServingCertificates.of(certificate),
                null,
                () -> LiveConfiguration.State.of(ConfigurationLoader.builtIn(), CLOCK.instant()),
                List::of,
                Limits.DEFAULTS,
                CLOCK,
                new GambesonMetrics("test")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aWebhookIsReachedByItsAddressUnderTheNameOfItsCertificate() {
    var invocation = probe(authorities, "/validate/strict");

    assertThat(invocation.err()).isEmpty();
    assertThat(invocation.out()).contains("\"allowed\":false");
    assertThat(invocation.exitCode()).isZero();
  }

  @Test
  void aServerThatIsNotTrustedGivesNoVerdict() throws IOException {
    var others = Files.writeString(folder.resolve("others.crt"), certificate().authoritiesPem());

    var invocation = probe(others, "/validate/strict");

    assertThat(invocation.err()).contains("no answer");
    assertThat(invocation.exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsNoWebhookGivesNoVerdict() {
    var invocation = probe(authorities, "/nothing");

    assertThat(invocation.err()).contains("not an AdmissionReview");
    assertThat(invocation.exitCode()).isEqualTo(1);
  }

  private Invocation probe(Path trusted, String path) {
    return Invocation.of(
        "probe",
        "--ca=" + trusted,
        "--address=127.0.0.1:" + server.httpsPort(),
        "https://gambeson.gambeson-system.svc" + path);
  }

  private static ServingCertificate certificate() {
    return new CertificateAuthority(Duration.ofDays(1), CLOCK)
        .issue(List.of("gambeson.gambeson-system.svc"), Duration.ofDays(1));
  }
}
