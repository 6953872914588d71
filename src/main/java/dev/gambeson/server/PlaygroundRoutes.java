package dev.gambeson.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gambeson.config.ConfigurationSchema;
import dev.gambeson.playground.Playground;
import dev.gambeson.playground.PlaygroundFiles;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;

/**
 * The routes of the playground: {@code GET /} and the files of the page, and a {@code POST} for
 * each kind of question. A browser gets an answer only for a page of this server: by the name in
 * {@code Host}, which other sites can make point here, and by {@code Origin}.
 */
final class PlaygroundRoutes implements Handler<HttpServerRequest> {
  /** More than what {@code kubectl} can apply at once, less than what would keep others waiting. */
  static final int BODY = 2 * 1024 * 1024;

  private static final String POLICY =
      "default-src 'none'; script-src 'self' 'nonce-%1$s'; style-src 'self' 'nonce-%1$s';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";
  private static final String JSON = "application/json";

  private final Router router;
  private final Exchanges exchanges;
  private final Connections connections;
  private final Playground playground;
  private final PlaygroundFiles files = new PlaygroundFiles();
  private final SiteAccess access;
  private final SecureRandom random = new SecureRandom();

  PlaygroundRoutes(
      Vertx vertx,
      Exchanges exchanges,
      Connections connections,
      Playground playground,
      SiteAccess access) {
    this.router = Router.router(vertx);
    this.exchanges = exchanges;
    this.connections = connections;
    this.playground = playground;
    this.access = access;
    router.get("/").handler(this::page);
    router.get("/schema.json").handler(context -> send(context, JSON, ConfigurationSchema.write()));
    router
        .get("/configuration.yaml")
        .handler(context -> send(context, "text/yaml; charset=utf-8", playground.configuration()));
    for (var answer : Playground.Answer.values()) {
      router
          .post("/" + answer.name().toLowerCase(Locale.ROOT))
          .handler(context -> answer(answer, context));
    }
    router.get().handler(this::file);
    router.errorHandler(
        405,
        context ->
            HttpResponse.line(405, "only GET, or POST of a question").send(context.request()));
  }

  @Override
  public void handle(HttpServerRequest request) {
    var headers = request.response().headers();
    headers
        .set("Content-Security-Policy", POLICY.formatted("none"))
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set(HttpHeaders.CACHE_CONTROL, "no-store");
    if (!connections.mayStayOpen(request.connection())) {
      headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    var refusal = access.refusal(request.getHeader(HttpHeaders.HOST), request.getHeader("Origin"));
    if (refusal.isPresent()) {
      HttpResponse.line(403, refusal.get()).send(request);
    } else {
      router.handle(request);
    }
  }

  private void page(RoutingContext context) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    var nonce = Base64.getEncoder().encodeToString(bytes);
    context.response().putHeader("Content-Security-Policy", POLICY.formatted(nonce));
    send(context, files.page(nonce));
  }

  private void file(RoutingContext context) {
    files
        .file(context.normalizedPath().substring(1))
        .ifPresentOrElse(
            file -> send(context, file),
            () -> HttpResponse.line(404, "there is no such file").send(context.request()));
  }

  private void answer(Playground.Answer kind, RoutingContext context) {
    if (!WebhookRoutes.isJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
      HttpResponse.line(415, "send a question as application/json").send(context.request());
    } else {
      exchanges.answer(context.request(), BODY, body -> answer(kind, body));
    }
  }

  private HttpResponse answer(Playground.Answer kind, Body body) {
    return switch (body) {
      case Body.TooLarge tooLarge ->
          HttpResponse.line(413, "the playground takes 2 MiB at most: use gambeson review");
      case Body.Whole whole -> {
        try {
          yield new HttpResponse(200, JSON, Buffer.buffer(playground.answer(kind, whole.bytes())));
        } catch (JsonProcessingException e) {
          yield HttpResponse.line(400, "the body is no question: " + e.getOriginalMessage());
        }
      }
    };
  }

  private static void send(RoutingContext context, PlaygroundFiles.File file) {
    if (file.mayBeKept()) {
      context.response().putHeader(HttpHeaders.CACHE_CONTROL, "max-age=31536000, immutable");
    }
    new HttpResponse(200, file.contentType(), Buffer.buffer(file.bytes())).send(context.request());
  }

  private static void send(RoutingContext context, String contentType, String text) {
    new HttpResponse(200, contentType, Buffer.buffer(text)).send(context.request());
  }
}
