package dev.gambeson.cli;

import dev.gambeson.cluster.Release;
import dev.gambeson.cluster.ReleaseController;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationFile;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ClientAuthorities;
import dev.gambeson.tls.Rotation;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.ServingCertificates;
import dev.gambeson.tls.TlsDirectory;
import dev.gambeson.tls.TlsException;
import dev.gambeson.tls.TlsFiles;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

  /** Enough that the first reviews from outside take no longer than those that follow. */
  private static final int WARM_UP = 300;

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
      description =
          "A folder with tls.crt, tls.key and ca.crt; see gambeson certs. Its files are read again when they change.")
  @Nullable Path tlsDir;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description =
          "The CA of the certificates that clients of the webhooks must show, in PEM; without it anybody may ask. Read again when"
              + " it changes.")
  @Nullable Path clientCa;

  @Option(
      names = "--ca-out",
      paramLabel = "FILE",
      description = "Where to write the CA certificate: the caBundle of a webhook configuration.")
  @Nullable Path caOut;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "How long to go on serving at most, new connections too, once told to stop: for 15 s, until every node has heard of it,"
              + " and then as long as a client is connected (default: ${DEFAULT-VALUE}).")
  int drain;

  @ArgGroup(exclusive = false, heading = "%nIn a cluster, as the Helm chart says it:%n")
  @Nullable InCluster inCluster;

  /** The objects of the installation. */
  static final class InCluster {
    @Option(
        names = "--namespace",
        paramLabel = "NS",
        required = true,
        description = "The namespace of the ConfigMap and the Secret.")
    String namespace = "";

    @Option(
        names = "--config-map",
        paramLabel = "NAME",
        required = true,
        description =
            "The ConfigMap with the configuration, under the key gambeson.yaml; in force without a restart when it changes.")
    String configMap = "";

    @Option(
        names = "--secret",
        paramLabel = "NAME",
        required = true,
        description = "The Secret for the certificate authorities and the last good configuration.")
    String secret = "";

    @Option(
        names = "--webhook-configurations",
        paramLabel = "NAME",
        description =
            "The MutatingWebhookConfiguration and the ValidatingWebhookConfiguration to publish the CA in. Without it, --tls-dir has"
                + " the certificate.")
    @Nullable String webhookConfigurations;

    @Option(
        names = "--dns",
        paramLabel = "NAME",
        description =
            "A DNS name by which the API server calls, gambeson.gambeson-system.svc for example.")
    List<String> dns = List.of();

    Release release() {
      return new Release(
          namespace,
          secret,
          configMap,
          webhookConfigurations == null ? null : new Release.Trust(webhookConfigurations, dns));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    requirePort("--https-port", httpsPort);
    requirePort("--http-port", httpPort);
    requireTime("--drain", drain);
    requireOneSource();
    try {
      GambesonServer.requireFree(host, httpsPort, httpPort);
    } catch (StartupException e) {
      return failed(e);
    }
    var clock = InstantSource.system();
    var metrics = new GambesonMetrics(VersionCommand.version());
    var local = configuration(clock);
    try {
      var release =
          inCluster == null
              ? null
              : new ReleaseController(
                  ReleaseController.client(new ConfigBuilder().build()),
                  inCluster.release(),
                  Rotation.Times.DEFAULTS,
                  clock,
                  metrics);
      Supplier<LiveConfiguration.State> configuration =
          release == null ? local : release::configuration;
      var certificates = certificates(release, clock);
      if (caOut != null) {
        writeAuthorities(caOut, certificates.state().certificate());
      }
      var server =
          GambesonServer.startCold(
              new GambesonServer.Options(
                  host,
                  httpsPort,
                  httpPort,
                  certificates,
                  clientCa == null ? null : ClientAuthorities.open(clientCa),
                  configuration,
                  release == null ? List::of : release::problems,
                  Limits.DEFAULTS,
                  clock,
                  metrics));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, drain), "stop"));
      ServeLog.addresses(host, server);
      WarmUp.run(WARM_UP);
      server.becomeWarm();
      ServeLog.certificate(certificates.state().certificate());
      ServeLog.profiles(configuration.get().configuration());
      ServeLog.firstSteps(server, caOut);
    } catch (TlsException | StartupException | KubernetesClientException | CommandFailure e) {
      return failed(e);
    }
    new CountDownLatch(1).await();
    return ExitCodes.FINE;
  }

  private void requireOneSource() {
    if (inCluster == null) {
      return;
    }
    boolean self = inCluster.webhookConfigurations != null;
    String complaint = null;
    if (config != null) {
      complaint = "--config and --config-map are two places for the configuration: give one";
    } else if (self == (tlsDir != null)) {
      complaint =
          "in a cluster, the certificate comes from --tls-dir or is published in --webhook-configurations: give one of the two";
    } else if (self && inCluster.dns.isEmpty()) {
      complaint = "--webhook-configurations needs --dns: the name that the certificate is for";
    }
    if (complaint != null) {
      throw new ParameterException(spec.commandLine(), complaint);
    }
  }

  private void requirePort(String option, int port) {
    if (port < 0 || port > 65535) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + port + ": a port is a number from 0 to 65535");
    }
  }

  private int failed(Exception e) {
    spec.commandLine().getErr().println("gambeson: " + e.getMessage());
    return ExitCodes.FAILED;
  }

  private void requireTime(String option, int seconds) {
    if (seconds < 0) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + seconds + ": it must be a number of seconds");
    }
  }

  private Supplier<LiveConfiguration.State> configuration(InstantSource clock) {
    if (config == null) {
      var builtIn = LiveConfiguration.State.of(ConfigurationLoader.builtIn(), clock.instant());
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

  private ServingCertificates certificates(@Nullable ReleaseController release, InstantSource clock)
      throws TlsException {
    if (tlsDir != null) {
      return TlsFiles.open(new TlsDirectory(tlsDir), clock);
    }
    return Optional.ofNullable(release)
        .flatMap(ReleaseController::certificates)
        .orElseGet(() ->
            ServingCertificates.of(
                new CertificateAuthority(CERTIFICATE_LIFE, clock)
                    .issue(List.of("localhost", "127.0.0.1", "::1"), CERTIFICATE_LIFE)));
  }

  private static void writeAuthorities(Path file, ServingCertificate certificate) {
    try {
      Files.writeString(file, certificate.authoritiesPem());
    } catch (IOException e) {
      throw new CommandFailure("cannot write the CA certificate: " + e);
    }
  }

  /** Within the shutdown of the Java machine, whose exit code would tell of the signal. */
  private static void stop(GambesonServer server, int drain) {
    try {
      ServeLog.stopping(drain);
      server.drain(Duration.ofSeconds(drain));
      server.close();
      ServeLog.stopped();
      Runtime.getRuntime().halt(ExitCodes.FINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
