package dev.gambeson.server;

import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.playground.Playground;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the playground over plain HTTP, within the limits of the webhook. */
public final class PlaygroundServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlaygroundServer.class);

  private final Vertx vertx;
  private final GambesonMetrics metrics;
  private final HttpServer server;

  /**
   * Starts a server, and returns when it listens.
   *
   * @param port 0 for any free port
   * @param origin where a proxy has the server; null without one
   * @throws StartupException if it cannot listen on the port
   */
  public static PlaygroundServer start(
      Playground playground, String host, int port, @Nullable URI origin, Limits limits)
      throws StartupException {
    return new PlaygroundServer(playground, host, port, origin, limits);
  }

  private PlaygroundServer(
      Playground playground, String host, int port, @Nullable URI origin, Limits limits)
      throws StartupException {
    metrics = new GambesonMetrics("playground");
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(limits.small().concurrent())
                .setFileSystemOptions(GambesonServer.NO_FILE_CACHE));
    var connections = new Connections(limits);
    var exchanges =
        new Exchanges(
            vertx,
            vertx.createSharedWorkerExecutor("large", limits.large().concurrent()),
            limits,
            connections,
            new MemoryBudget(limits.small(), limits.large()),
            metrics,
            PlaygroundServer::internalError);
    var listening =
        vertx
            .createHttpServer(GambesonServer.http(limits))
            .connectionHandler(connection -> {
              connections.add(connection);
              connection.exceptionHandler(GambesonServer::noteBrokenConnection);
              RequestDeadline.watch(connection, limits, () -> {});
            })
            .exceptionHandler(GambesonServer::noteBrokenConnection)
            .requestHandler(
                new PlaygroundRoutes(
                    vertx, exchanges, connections, playground, new SiteAccess(origin)))
            .listen(port, host);
    try {
      server = listening.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      close();
      throw GambesonServer.cannotListen(host, port, Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    metrics.close();
  }

  private static HttpResponse internalError(Throwable cause) {
    LOG.error("no answer: this is a bug in Gambeson", cause);
    return HttpResponse.line(500, "Gambeson has no answer: its log tells more");
  }
}
