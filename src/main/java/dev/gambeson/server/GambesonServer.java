package dev.gambeson.server;

import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import dev.gambeson.tls.ClientAuthorities;
import dev.gambeson.tls.ServingCertificates;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.BindException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admission webhooks on HTTPS and the management routes on plain HTTP. */
public final class GambesonServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GambesonServer.class);

  /**
   * For Vert.x in a container, whose file system may be read-only; nothing is served from files.
   */
  public static final FileSystemOptions WITHOUT_CACHE =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  /** With authenticated encryption only: all of TLS 1.3, and of TLS 1.2 those with it. */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** How long requests that are in hand at the very end may still take. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(5);

  private final Options options;
  private final GambesonMetrics metrics;
  private final Connections connections;
  private final Budget budget;
  private final Vertx vertx;
  private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean everReady = new AtomicBoolean();
  private final HttpServer webhooks;
  private final HttpServer management;

  /**
   * How to start.
   *
   * @param httpsPort 0 for any free one
   * @param httpPort 0 for any free one
   * @param clientAuthorities whose certificates clients of the webhooks must show; null where
   *     anybody may ask
   * @param configuration asked once for each request
   * @param problems what is wrong with where the configuration comes from, a line each
   * @param metrics closed with the server
   */
  public record Options(
      String host,
      int httpsPort,
      int httpPort,
      ServingCertificates certificates,
      @Nullable ClientAuthorities clientAuthorities,
      Supplier<LiveConfiguration.State> configuration,
      Supplier<List<String>> problems,
      Limits limits,
      InstantSource clock,
      GambesonMetrics metrics) {}

  /**
   * Starts a server, and returns once it listens.
   *
   * @throws StartupException if a port cannot be had
   */
  public static GambesonServer start(Options options) throws StartupException {
    return new GambesonServer(options);
  }

  private GambesonServer(Options options) throws StartupException {
    if (options.httpsPort() == options.httpPort() && options.httpPort() != 0) {
      throw new StartupException(
          "HTTPS and HTTP need a port each, and both are to be " + options.httpPort());
    }
    this.options = options;
    var limits = options.limits();
    metrics = options.metrics();
    metrics.showEnforcement(() -> options.configuration().get().configuration().enforce());
    metrics.showExemptions(() -> options.configuration().get().configuration().exemptions());
    metrics.showConfigurationRead(() -> options.configuration().get().since());
    metrics.showStaleConfiguration(() -> options.configuration().get().failure() != null);
    metrics.showCertificateExpiry(() -> options.certificates().state().certificate().expiry());
    budget = new Budget(limits.small(), limits.large());
    metrics.showHeldBytes("small", budget::small);
    metrics.showHeldBytes("large", budget::large);
    connections = new Connections(limits);
    metrics.showConnections(connections::count);
    int cores = Runtime.getRuntime().availableProcessors();
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(limits.small().judged())
                .setFileSystemOptions(WITHOUT_CACHE));
    var largeReviews = vertx.createSharedWorkerExecutor("large-reviews", limits.large().judged());
    var codec = new ReviewCodec();
    var pipeline =
        new AdmissionPipeline(
            () -> options.configuration().get().configuration(), options.clock(), codec);
    var reviews = new Reviews(codec, pipeline, metrics, limits);
    var configurations = new ConfigurationReviews(codec, metrics, limits);
    try {
      webhooks =
          listen(
              options.httpsPort(),
              Math.max(2, cores),
              () -> webhookServer(largeReviews, reviews, configurations));
      options.certificates().onChange(_ -> present());
      if (options.clientAuthorities() != null) {
        options.clientAuthorities().onChange(this::present);
      }
      present();
      management = listen(options.httpPort(), 1, this::managementServer);
    } catch (StartupException e) {
      close();
      throw e;
    }
  }

  /** The port of the webhooks. */
  public int httpsPort() {
    return webhooks.actualPort();
  }

  /** The port of the management routes. */
  public int httpPort() {
    return management.actualPort();
  }

  /**
   * Prepares the end: no longer ready, each connection closed with its next answer. Goes on to
   * serve, new connections too, until the news of it is everywhere and no client is connected: one
   * that is closed under an idle client may just then be taken for the next request, which is lost.
   *
   * @param atMost when to end all the same
   */
  public void drain(Duration atMost) throws InterruptedException {
    connections.drain();
    long start = System.nanoTime();
    long least = options.limits().news().toNanos();
    for (long gone = 0;
        gone < atMost.toNanos() && (gone < least || connections.count() > 0);
        gone = System.nanoTime() - start) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Stops, once the requests in hand are answered. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      Future.join(servers.stream().map(GambesonServer::shutdown).toList())
          .eventually(vertx::close)
          .toCompletionStage()
          .toCompletableFuture()
          .get(2 * LAST_REQUESTS.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the server did not stop in order: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    metrics.close();
  }

  private static Future<Void> shutdown(HttpServer server) {
    return server.shutdown(LAST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Shows what there is now to those who connect from now on, and asks them for it; connections go
   * on.
   */
  private synchronized void present() {
    webhooks
        .updateSSLOptions(tls(new HttpServerOptions()).getSslOptions())
        .onFailure(cause -> LOG.error("the new certificate cannot be served with", cause));
  }

  private HttpServerOptions tls(HttpServerOptions http) {
    var certificate = options.certificates().state().certificate();
    var clients = options.clientAuthorities();
    if (clients != null) {
      http.setClientAuth(ClientAuth.REQUIRED)
          .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(clients.pem())));
    }
    CIPHER_SUITES.forEach(http::addEnabledCipherSuite);
    return http.setSsl(true)
        .setUseAlpn(false)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificate.chainPem()))
                .addKeyValue(Buffer.buffer(certificate.keyPem())));
  }

  private HttpServer webhookServer(
      WorkerExecutor largeReviews, Reviews reviews, ConfigurationReviews configurations) {
    var limits = options.limits();
    return vertx
        .createHttpServer(tls(http(limits)))
        .connectionHandler(connection -> {
          connections.add(connection);
          watch(connection);
        })
        .exceptionHandler(GambesonServer::noteBrokenConnection)
        .requestHandler(
            new WebhookRoutes(
                vertx,
                largeReviews,
                reviews,
                configurations,
                connections,
                metrics,
                limits,
                budget));
  }

  private HttpServer managementServer() {
    var clock = options.clock();
    return vertx
        .createHttpServer(http(options.limits()))
        .connectionHandler(this::watch)
        .exceptionHandler(GambesonServer::noteBrokenConnection)
        .requestHandler(new ManagementRoutes(vertx, () -> readiness(clock.instant()), metrics));
  }

  private Readiness readiness(Instant now) {
    var certificates = options.certificates().state();
    var configuration = options.configuration().get();
    if (certificates.trusted() && configuration.known()) {
      everReady.set(true);
    }
    var clients = options.clientAuthorities();
    return new Readiness(
        connections.isDraining(),
        everReady.get(),
        configuration,
        certificates,
        Stream.concat(
                options.problems().get().stream(),
                clients == null ? Stream.of() : clients.problem().stream())
            .toList(),
        now);
  }

  private static HttpServerOptions http(Limits limits) {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout(Math.toIntExact(limits.idle().toMillis()));
  }

  private void watch(HttpConnection connection) {
    connection.exceptionHandler(GambesonServer::noteBrokenConnection);
    RequestDeadline.watch(
        connection, options.limits(), () -> metrics.badRequest(BadRequest.TOO_SLOW));
  }

  /** Clients hang up and scanners speak no TLS: no news for a log. */
  private static void noteBrokenConnection(Throwable cause) {
    LOG.debug("connection broken: {}", cause.toString());
  }

  /**
   * Listens with a number of servers that share one port, each on an event loop of its own.
   *
   * @return one of them: what changes in it changes in all
   */
  private HttpServer listen(int port, int instances, Supplier<HttpServer> server)
      throws StartupException {
    var listening = new ConcurrentLinkedQueue<HttpServer>();
    // Below zero: any free port, but the same one for all instances.
    int asked = port == 0 && instances > 1 ? -1 : port;
    try {
      vertx
          .deployVerticle(
              () -> context -> server.get().listen(asked, options.host()).onSuccess(listening::add),
              new DeploymentOptions().setInstances(instances))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw new StartupException(
          "cannot listen on " + options.host() + ", port " + port + ": " + reason(e));
    }
    servers.addAll(listening);
    return listening.element();
  }

  private static String reason(CompletionException e) {
    var cause = Objects.requireNonNullElse(e.getCause(), e);
    return cause instanceof BindException
        ? "another program listens there (" + cause.getMessage() + ")"
        : String.valueOf(cause.getMessage());
  }
}
