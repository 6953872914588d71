package dev.gambeson.cli;

import dev.gambeson.admission.Configuration;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationFile;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.SampleReview;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.TlsDirectory;
import dev.gambeson.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = {
      "Runs the admission webhook: POST /mutate and /validate, each with /<profile>[/<level>] behind it, over HTTPS;"
          + " GET /livez, /readyz and /metrics over plain HTTP. Without any option it serves the built-in profiles with a"
          + " certificate for localhost that it makes in memory."
    },
    exitCodeListHeading = "",
    exitCodeList = {
      "0:it was told to stop, and did",
      "1:it could not start",
      "2:bad usage, or a configuration that cannot be used"
    },
    footer = {
      "  On this machine, its CA where an API server can be given it:",
      "      gambeson serve --ca-out ca.crt",
      "  With the files of a mounted kubernetes.io/tls Secret:",
      "      gambeson serve --config gambeson.yaml --tls-dir /etc/gambeson/tls"
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; the built-in profiles where there is none.")
  @Nullable Path config;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "The address to listen on (default: ${DEFAULT-VALUE}, all of them).")
  String host = "";

  @Option(
      names = "--https-port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description =
          "The port of the webhook (default: ${DEFAULT-VALUE}); 0 for any free one, which the log tells.")
  int httpsPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description =
          "The port of /livez, /readyz and /metrics (default: ${DEFAULT-VALUE}); 0 for any free one.")
  int httpPort;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      description = "A folder with tls.crt, tls.key and ca.crt; see gambeson certs.")
  @Nullable Path tlsDir;

  @Option(
      names = "--ca-out",
      paramLabel = "FILE",
      description = "Where to write the CA certificate: the caBundle of a webhook configuration.")
  @Nullable Path caOut;

  @Override
  public Integer call() throws InterruptedException {
    requirePort("--https-port", httpsPort);
    requirePort("--http-port", httpPort);
    var configuration = configuration();
    try {
      var certificate = certificate();
      if (caOut != null) {
        writeAuthorities(caOut, certificate);
      }
      var server =
          GambesonServer.start(
              new GambesonServer.Options(
                  host,
                  httpsPort,
                  httpPort,
                  certificate,
                  configuration,
                  Limits.DEFAULTS,
                  InstantSource.system(),
                  VersionCommand.version()));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
      greet(server, configuration.get().configuration(), certificate);
    } catch (TlsException | StartupException | CommandFailure e) {
      var err = spec.commandLine().getErr();
      err.println("gambeson: " + e.getMessage());
      return ExitCodes.FAILED;
    }
    new CountDownLatch(1).await();
    return ExitCodes.FINE;
  }

  private void requirePort(String option, int port) {
    if (port < 0 || port > 65535) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + port + ": a port is a number from 0 to 65535");
    }
  }

  private Supplier<ConfigurationFile.State> configuration() {
    if (config == null) {
      var builtIn =
          ConfigurationFile.State.of(
              ConfigurationLoader.builtIn(), InstantSource.system().instant());
      return () -> builtIn;
    }
    try {
      return ConfigurationFile.open(config)::state;
    } catch (ConfigurationException e) {
      throw new CommandFailure(ConfigurationOption.explain(e));
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private ServingCertificate certificate() throws TlsException {
    var clock = InstantSource.system();
    if (tlsDir != null) {
      return new TlsDirectory(tlsDir).load(clock.instant());
    }
    return new CertificateAuthority(CERTIFICATE_LIFE, clock)
        .issue(List.of("localhost", "127.0.0.1", "::1"), CERTIFICATE_LIFE);
  }

  private static void writeAuthorities(Path file, ServingCertificate certificate) {
    try {
      Files.writeString(file, certificate.authoritiesPem());
    } catch (IOException e) {
      throw new CommandFailure("cannot write the CA certificate: " + e);
    }
  }

  private void greet(
      GambesonServer server, Configuration configuration, ServingCertificate certificate) {
    LOG.info(
        "Gambeson {}: profiles {}, by default {}; {}",
        VersionCommand.version(),
        String.join(", ", configuration.profiles().keySet().stream().sorted().toList()),
        configuration.defaultProfile(),
        configuration.enforce()
            ? "what breaks an enforced rule is denied"
            : "enforcement is switched to warn: nothing is denied");
    LOG.info(
        "webhooks: https://{}:{}/mutate and /validate, certificate for {} until {}",
        host,
        server.httpsPort(),
        String.join(", ", certificate.names()),
        certificate.expiry());
    LOG.info(
        "management: http://{}:{}/livez, /readyz?verbose and /metrics", host, server.httpPort());
    LOG.info(
        "try it: curl -sS {} https://localhost:{}/validate/strict -H 'Content-Type: application/json' -d '{}'",
        caOut == null ? "--insecure" : "--cacert " + caOut,
        server.httpsPort(),
        SampleReview.JSON);
    LOG.info(
        "or, once a webhook configuration names it: kubectl run web --image=nginx --dry-run=server -o yaml");
  }

  /** Within the shutdown of the Java machine, whose exit code would tell of the signal. */
  private static void stop(GambesonServer server) {
    try {
      LOG.info(
          "told to stop: no longer ready, and serving on for up to {} s while clients leave",
          Limits.DEFAULTS.drain().toSeconds());
      server.drain();
      server.close();
      LOG.info("stopped");
      Runtime.getRuntime().halt(ExitCodes.FINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
