package dev.gambeson.cli;

import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.SampleReview;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.verdict.Configuration;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code serve} logs. Other commands do not log: they start without the logging library. */
final class ServeLog {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private ServeLog() {}

  static void profiles(Configuration configuration) {
    LOG.info(
        "profiles {}, by default {}; {}",
        String.join(", ", configuration.profiles().keySet().stream().sorted().toList()),
        configuration.defaultProfile(),
        configuration.enforce()
            ? "what breaks an enforced rule is denied"
            : "enforcement is switched to warn: nothing is denied");
  }

  static void addresses(String host, GambesonServer server) {
    LOG.info(
        "Gambeson {}: webhooks: https://{}:{}/mutate and /validate",
        VersionCommand.version(),
        host,
        server.httpsPort());
    LOG.info(
        "management: http://{}:{}/livez, /readyz?verbose and /metrics", host, server.httpPort());
    LOG.info("warming up with some reviews of its own; ready after some seconds");
  }

  static void certificate(ServingCertificate certificate) {
    LOG.info(
        "certificate for {} until {}",
        String.join(", ", certificate.names()),
        certificate.expiry());
  }

  static void firstSteps(GambesonServer server, @Nullable Path caOut) {
    LOG.info(
        "try it: curl -sS {} https://localhost:{}/validate/strict -H 'Content-Type: application/json' -d '{}'",
        caOut == null ? "--insecure" : "--cacert " + caOut,
        server.httpsPort(),
        SampleReview.JSON);
    LOG.info(
        "or, once a webhook configuration names it: kubectl run web --image=nginx --dry-run=server -o yaml");
  }

  static void stopping(int drain) {
    LOG.info(
        "told to stop: no longer ready, and serving on for up to {} s while clients leave", drain);
  }

  static void stopped() {
    LOG.info("stopped");
  }
}
