package dev.gambeson.server;

import dev.gambeson.metrics.GambesonMetrics;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** The plain HTTP routes: {@code GET /livez}, {@code /readyz} and {@code /metrics}. */
final class ManagementRoutes implements Handler<HttpServerRequest> {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Router router;
  private final Supplier<Readiness> readiness;

  ManagementRoutes(Vertx vertx, Supplier<Readiness> readiness, GambesonMetrics metrics) {
    this.router = Router.router(vertx);
    this.readiness = readiness;
    router.get("/livez").handler(context -> HttpResponse.line(200, "ok").send(context.request()));
    router.get("/readyz").handler(this::ready);
    router
        .get("/metrics")
        .handler(context ->
            new HttpResponse(200, PROMETHEUS, Buffer.buffer(metrics.scrape()))
                .send(context.request()));
    router.errorHandler(
        404,
        context ->
            HttpResponse.line(404, "there is /livez, /readyz[?verbose] and /metrics")
                .send(context.request()));
    router.errorHandler(
        405,
        context -> {
          context.response().putHeader(HttpHeaders.ALLOW, "GET");
          HttpResponse.line(405, "only GET").send(context.request());
        });
  }

  @Override
  public void handle(HttpServerRequest request) {
    router.handle(request);
  }

  private void ready(RoutingContext context) {
    var now = readiness.get();
    boolean verbose = context.request().params().contains("verbose");
    HttpResponse.text(now.ready() ? 200 : 503, verbose ? now.verbose() : now.brief())
        .send(context.request());
  }
}
