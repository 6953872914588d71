package dev.gambeson.server;

import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import dev.gambeson.tls.ClientAuthorities;
import dev.gambeson.tls.ServingCertificate;
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
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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

  /** Vert.x must not write files: the file system of a container may be read-only. */
  public static final FileSystemOptions NO_FILE_CACHE =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  /** Authenticated encryption only: all of TLS 1.3, some of TLS 1.2. */
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

  /** How long requests may still take when the server stops. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(5);

  private final Options options;
  private final GambesonMetrics metrics;
  private final Connections connections;
  private final MemoryBudget budget;
  private final Vertx vertx;
  private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean everReady = new AtomicBoolean();
  private final AtomicBoolean warm;
  private final HttpServer webhooks;
  private final HttpServer management;

  /**
   * The options of a server.
   *
   * @param httpsPort 0 for any free port
   * @param httpPort 0 for any free port
   * @param clientAuthorities the CAs of the certificates that clients of the webhooks must present;
   *     null if any client may connect
   * @param configuration read once for each request
   * @param problems what is wrong with the configuration's source, a line each
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
   * Starts a server, and returns when it listens.
   *
   * @throws StartupException if it cannot listen on a port
   */
  public static GambesonServer start(Options options) throws StartupException {
    return new GambesonServer(options, true);
  }

  /**
   * Starts a server that answers, and is not ready before {@link #becomeWarm}: a fresh JVM may take
   * longer for a review than an API server waits.
   *
   * @throws StartupException if it cannot listen on a port
   */
  public static GambesonServer startCold(Options options) throws StartupException {
    return new GambesonServer(options, false);
  }

  private GambesonServer(Options options, boolean warm) throws StartupException {
    this.warm = new AtomicBoolean(warm);
    if (options.httpsPort() == options.httpPort() && options.httpPort() != 0) {
      throw new StartupException(
          "HTTPS and HTTP must have different ports, and both are " + options.httpPort());
    }
    this.options = options;
    var limits = options.limits();
    metrics = options.metrics();
    metrics.showEnforcement(() -> options.configuration().get().configuration().enforce());
    metrics.showExemptions(() -> options.configuration().get().configuration().exemptions());
    metrics.showConfigurationRead(() -> options.configuration().get().since());
    metrics.showStaleConfiguration(() -> options.configuration().get().failure() != null);
    metrics.showCertificateExpiry(() -> options.certificates().state().certificate().expiry());
    budget = new MemoryBudget(limits.small(), limits.large());
    metrics.showHeldBytes("small", budget::small);
    metrics.showHeldBytes("large", budget::large);
    connections = new Connections(limits);
    metrics.showConnections(connections::count);
    int cores = Runtime.getRuntime().availableProcessors();
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(limits.small().concurrent())
                .setFileSystemOptions(NO_FILE_CACHE));
    var largeReviews =
        vertx.createSharedWorkerExecutor("large-reviews", limits.large().concurrent());
    var codec = new ReviewCodec();
    var pipeline =
        new AdmissionPipeline(
            () -> options.configuration().get().configuration(), options.clock(), codec);
    var reviews = new ReviewHandler(codec, pipeline, metrics, limits);
    var configurations = new ConfigurationReviewHandler(codec, metrics, limits);
    try {
      webhooks =
          listen(
              options.httpsPort(),
              Math.max(2, cores),
              () -> webhookServer(exchanges(largeReviews, reviews), reviews, configurations));
      options.certificates().onChange(_ -> updateTls());
      if (options.clientAuthorities() != null) {
        options.clientAuthorities().onChange(this::updateTls);
      }
      updateTls();
      management = listen(options.httpPort(), 1, this::managementServer);
    } catch (StartupException e) {
      close();
      throw e;
    }
  }

  /** Lets a server that was started cold be ready. */
  public void becomeWarm() {
    warm.set(true);
  }

  public int httpsPort() {
    return webhooks.actualPort();
  }

  public int httpPort() {
    return management.actualPort();
  }

  /**
   * Prepares the shutdown: becomes unready, and closes each connection after its next answer. Until
   * all nodes know and no client is connected, it continues to serve, new connections too: closing
   * an idle connection could lose a request that the client is just sending.
   *
   * @param atMost how long to wait at most
   */
  public void drain(Duration atMost) throws InterruptedException {
    connections.drain();
    long start = System.nanoTime();
    long least = options.limits().propagation().toNanos();
    for (long gone = 0;
        gone < atMost.toNanos() && (gone < least || connections.count() > 0);
        gone = System.nanoTime() - start) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Stops after the present requests are answered. */
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
      LOG.warn("the server did not stop cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    metrics.close();
  }

  private static Future<Void> shutdown(HttpServer server) {
    return server.shutdown(LAST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Uses the present certificates for new connections; existing ones continue. */
  private synchronized void updateTls() {
    webhooks
        .updateSSLOptions(tls(new HttpServerOptions()).getSslOptions())
        .onFailure(cause -> LOG.error("the new certificate cannot be used", cause));
  }

  private HttpServerOptions tls(HttpServerOptions http) {
    var clients = options.clientAuthorities();
    if (clients != null) {
      http.setClientAuth(ClientAuth.REQUIRED)
          .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(clients.pem())));
    }
    return tls(http, options.certificates().state().certificate());
  }

  static HttpServerOptions tls(HttpServerOptions http, ServingCertificate certificate) {
    CIPHER_SUITES.forEach(http::addEnabledCipherSuite);
    return http.setSsl(true)
        .setUseAlpn(false)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificate.chainPem()))
                .addKeyValue(Buffer.buffer(certificate.keyPem())));
  }

  private Exchanges exchanges(WorkerExecutor largeReviews, ReviewHandler reviews) {
    return new Exchanges(
        vertx,
        largeReviews,
        options.limits(),
        connections,
        budget,
        metrics,
        cause -> reviews.internalError("unknown", cause));
  }

  private HttpServer webhookServer(
      Exchanges exchanges, ReviewHandler reviews, ConfigurationReviewHandler configurations) {
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
                vertx, exchanges, reviews, configurations, connections, metrics, limits));
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
        warm.get(),
        everReady.get(),
        configuration,
        certificates,
        Stream.concat(
                options.problems().get().stream(),
                clients == null ? Stream.of() : clients.problem().stream())
            .toList(),
        now);
  }

  static HttpServerOptions http(Limits limits) {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout(Math.toIntExact(limits.idle().toMillis()));
  }

  private void watch(HttpConnection connection) {
    connection.exceptionHandler(GambesonServer::noteBrokenConnection);
    RequestDeadline.watch(
        connection, options.limits(), () -> metrics.badRequest(BadRequest.TOO_SLOW));
  }

  /** Clients disconnect and scanners do not speak TLS: not worth a line in the log. */
  static void noteBrokenConnection(Throwable cause) {
    LOG.debug("connection broken: {}", cause.toString());
  }

  /**
   * Starts several servers that share one port, each with its own event loop.
   *
   * @return one of them: changing its options changes those of all
   */
  private HttpServer listen(int port, int instances, Supplier<HttpServer> server)
      throws StartupException {
    var listening = new ConcurrentLinkedQueue<HttpServer>();
    // A negative port means any free port, but the same one for all instances.
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
      throw cannotListen(options.host(), port, Objects.requireNonNullElse(e.getCause(), e));
    }
    servers.addAll(listening);
    return listening.element();
  }

  /**
   * Refuses ports on which another program listens, before all that takes time.
   *
   * @param ports 0 for any free one
   * @throws StartupException if it cannot listen on one of them
   */
  public static void requireFree(String host, int... ports) throws StartupException {
    for (int port : ports) {
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(host, port));
      } catch (IOException e) {
        throw cannotListen(host, port, e);
      }
    }
  }

  static StartupException cannotListen(String host, int port, Throwable cause) {
    return new StartupException(
        "cannot listen on " + host + ", port " + port + ": " + reason(cause));
  }

  private static String reason(Throwable cause) {
    return cause instanceof BindException
        ? "another program listens there (" + cause.getMessage() + ")"
        : String.valueOf(cause.getMessage());
  }
}
