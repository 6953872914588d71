package dev.gambeson.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ServingCertificates;
import dev.gambeson.verdict.Configuration;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reviews on a server of its own that nobody else knows, so that the JVM has compiled what a review
 * runs through before the first one comes from outside: in a fresh JVM, on a node that is busy,
 * each of them takes longer than the API server waits.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** Reviews of new pods as an API server sent them, one on each line. */
  private static final String SAMPLES = "warm-up.jsonl";

  private static final int REVIEWS_OF_A_CONNECTION = 8;
  private static final Duration AT_MOST = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(1);

  private WarmUp() {}

  /**
   * Returns once so many reviews are done, or enough time has gone: the server is better cold than
   * late.
   */
  static void run(int most) {
    long start = System.nanoTime();
    int reviews = 0;
    var samples = samples();
    try (var server = server();
        var client =
            new SampleClient(new HttpClientOptions().setTrustAll(true).setVerifyHost(false))) {
      while (reviews < most && System.nanoTime() - start < AT_MOST.toNanos()) {
        var request =
            new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(server.httpsPort())
                .setURI(reviews % 2 == 0 ? "/mutate/strict" : "/validate/strict");
        var review = samples.get(reviews / 2 % samples.size());
        if (++reviews % REVIEWS_OF_A_CONNECTION == 0) {
          request.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        client.post(request, review, ANSWER);
      }
    } catch (CompletionException | StartupException e) {
      LOG.warn("warming up ended after {} reviews", reviews, e);
    }
    LOG.info(
        "warmed up by {} reviews in {} s",
        reviews,
        Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0);
  }

  private static List<String> samples() {
    try (var stream = Objects.requireNonNull(WarmUp.class.getResourceAsStream(SAMPLES))) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GambesonServer server() throws StartupException {
    var clock = InstantSource.system();
    var builtIn = ConfigurationLoader.builtIn();
    // Nothing is denied, so that no denial is logged.
    var configuration =
        LiveConfiguration.State.of(
            new Configuration(
                false,
                builtIn.defaultProfile(),
                builtIn.namespaces(),
                builtIn.profiles(),
                builtIn.exemptions(),
                builtIn.help()),
            clock.instant());
    return GambesonServer.start(
        new GambesonServer.Options(
            "127.0.0.1",
            0,
            0,
            ServingCertificates.of(
                new CertificateAuthority(CERTIFICATE_LIFE, clock)
                    .issue(List.of("localhost"), CERTIFICATE_LIFE)),
            null,
            () -> configuration,
            List::of,
            Limits.DEFAULTS,
            clock,
            new GambesonMetrics(VersionCommand.version())));
  }
}
