package dev.gambeson.server;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.ServingCertificates;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.Help;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/** A server on free ports of this machine, and clients that trust it. */
final class TestServer implements AutoCloseable {
  /** A review of a pod that the profile below fixes and that it refuses as it stands. */
  static final String REVIEW =
      """
      {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002",
      "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE","namespace":"shop","name":"web",
      "userInfo":{"username":"admin","groups":["system:authenticated"]},
      "object":{"metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"nginx"}]}},"oldObject":null,"dryRun":false}}
      """;

  static final Limits LIMITS =
      new Limits(
          new Limits.Share(32 * 1024, 16 * 1024 * 1024, 4),
          new Limits.Share(256 * 1024, 16 * 1024 * 1024, 2),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          1000,
          Duration.ofSeconds(120),
          Duration.ofMinutes(5),
          Duration.ofSeconds(2));

  /** On a busy machine a new client takes many seconds to connect. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  static {
    Awaitility.setDefaultTimeout(PATIENCE);
  }

  static final Instant STARTED = Instant.parse("2026-11-21T08:00:00Z");

  static final ServingCertificate CERTIFICATE =
      new CertificateAuthority(Duration.ofDays(1), InstantSource.system())
          .issue(List.of("localhost", "127.0.0.1"), Duration.ofDays(1));

  final GambesonServer server;
  private final SSLContext trusting = trusting(CERTIFICATE);
  final HttpClient client = newClient();

  private TestServer(GambesonServer server) {
    this.server = server;
  }

  static TestServer start(Limits limits) throws StartupException {
    return start(limits, () -> configuration(true));
  }

  static TestServer start(Limits limits, Supplier<Configuration> configuration)
      throws StartupException {
    return new TestServer(GambesonServer.start(options(limits, configuration)));
  }

  static TestServer startCold() throws StartupException {
    return new TestServer(GambesonServer.startCold(options(LIMITS, () -> configuration(true))));
  }

  private static GambesonServer.Options options(
      Limits limits, Supplier<Configuration> configuration) {
    return new GambesonServer.Options(
        "127.0.0.1",
        0,
        0,
        ServingCertificates.of(CERTIFICATE),
        null,
        () -> LiveConfiguration.State.of(configuration.get(), STARTED),
        List::of,
        limits,
        InstantSource.system(),
        new GambesonMetrics("1.2.3"));
  }

  /** One profile, in which {@code AllowPrivilegeEscalation} is fixed and enforced. */
  static Configuration configuration(boolean enforce) {
    var settings = Rules.all().stream().map(TestServer::settings).toList();
    var podSecurity =
        new PodSecurity(
            PodSecurityLevel.PRIVILEGED,
            PodSecurityLevel.PRIVILEGED,
            PodSecurityLevel.PRIVILEGED,
            PodSecurityVersion.LATEST);
    return new Configuration(
        enforce,
        "standard",
        List.of(),
        Map.of(
            "standard", new Profile("standard", podSecurity, CheckMode.WARN, Set.of(), settings)),
        List.of(),
        Help.NONE);
  }

  private static RuleSettings settings(Rule rule) {
    boolean on = rule.name().equals("AllowPrivilegeEscalation");
    return new RuleSettings(
        rule,
        on ? FixMode.APPLY : FixMode.OFF,
        ExceptedPods.NONE,
        on ? CheckMode.ENFORCE : CheckMode.OFF,
        null);
  }

  HttpClient newClient() {
    return HttpClient.newBuilder().sslContext(trusting).connectTimeout(PATIENCE).build();
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return client.send(request(path).POST(BodyPublishers.ofString(body)).build(), text());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + server.httpsPort() + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json");
  }

  HttpResponse<String> manage(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + server.httpPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), text());
  }

  /** The value of a metric, named with its labels as Prometheus shows it. */
  double metric(String name) throws IOException, InterruptedException {
    return manage("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** A TLS connection without HTTP. */
  Socket connect() throws IOException {
    var socket = trusting.getSocketFactory().createSocket("localhost", server.httpsPort());
    socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
    return socket;
  }

  RawConnection raw() throws IOException {
    return new RawConnection(connect());
  }

  static HttpResponse.BodyHandler<String> text() {
    return BodyHandlers.ofString();
  }

  @Override
  public void close() {
    server.close();
  }

  private static SSLContext trusting(ServingCertificate certificate) {
    try {
      return TestClients.trusting(certificate);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
