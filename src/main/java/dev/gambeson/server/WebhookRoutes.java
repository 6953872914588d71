package dev.gambeson.server;

import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import dev.gambeson.rule.PodSecurityLevel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The HTTPS routes: {@code POST /mutate} and {@code POST /validate}, each optionally followed by
 * {@code /<profile>[/<level>]}; {@code POST /observe}; and {@code POST /configuration} for the
 * ConfigMap.
 */
final class WebhookRoutes implements Handler<HttpServerRequest> {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final Router router;
  private final Vertx vertx;
  private final WorkerExecutor largeReviews;
  private final ReviewHandler reviews;
  private final ConfigurationReviewHandler configurations;
  private final Connections connections;
  private final GambesonMetrics metrics;
  private final Limits limits;
  private final MemoryBudget budget;

  WebhookRoutes(
      Vertx vertx,
      WorkerExecutor largeReviews,
      ReviewHandler reviews,
      ConfigurationReviewHandler configurations,
      Connections connections,
      GambesonMetrics metrics,
      Limits limits,
      MemoryBudget budget) {
    this.router = Router.router(vertx);
    this.vertx = vertx;
    this.largeReviews = largeReviews;
    this.reviews = reviews;
    this.configurations = configurations;
    this.connections = connections;
    this.metrics = metrics;
    this.limits = limits;
    this.budget = budget;
    for (var webhook : List.of(Webhook.MUTATE, Webhook.VALIDATE)) {
      var root = "/" + webhook.name().toLowerCase(Locale.ROOT);
      for (var path : List.of(root, root + "/:profile", root + "/:profile/:level")) {
        router.post(path).handler(context -> review(webhook, context));
      }
    }
    router.post("/observe").handler(context -> review(Webhook.OBSERVE, context));
    router.post("/configuration").handler(this::reviewConfiguration);
    router.errorHandler(404, this::unknownRoute);
    router.errorHandler(405, this::wrongMethod);
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (!connections.mayStayOpen(request.connection())) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    router.handle(request);
  }

  private void review(Webhook webhook, RoutingContext context) {
    var route = route(webhook, context.pathParam("profile"), context.pathParam("level"));
    if (route.isEmpty()) {
      unknownRoute(context);
    } else {
      review(context, body -> reviews.answer(route.get(), body));
    }
  }

  private void reviewConfiguration(RoutingContext context) {
    review(context, configurations::answer);
  }

  private void review(RoutingContext context, Function<Body, HttpResponse> review) {
    if (!isJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
      metrics.badRequest(BadRequest.CONTENT_TYPE);
      HttpResponse.line(415, "send an AdmissionReview as application/json").send(context.request());
    } else {
      review(context.request(), review);
    }
  }

  private void review(HttpServerRequest request, Function<Body, HttpResponse> review) {
    var reading = Body.read(vertx.getOrCreateContext(), request, limits.large().body(), budget);
    reading
        .body()
        .onFailure(hungUp -> metrics.badRequest(BadRequest.HUNG_UP))
        .compose(body ->
            body.isPresent()
                ? judge(request, body.get(), review).map(Optional::of)
                : Future.succeededFuture(Optional.<HttpResponse>empty()))
        .onComplete(done -> reading.release())
        .onSuccess(answer -> {
          if (!request.isEnded()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
          }
          answer.ifPresentOrElse(verdict -> send(request, verdict), () -> refuse(request));
        });
  }

  /**
   * Reviews on a worker thread. Large bodies have a queue of their own, so that small ones never
   * wait for them.
   */
  private Future<HttpResponse> judge(
      HttpServerRequest request, Body body, Function<Body, HttpResponse> review) {
    Callable<HttpResponse> judgement =
        () -> request.response().closed() ? hungUp() : review.apply(body);
    return (body.bytes().length > limits.small().body()
            ? largeReviews.executeBlocking(judgement, false)
            : vertx.executeBlocking(judgement, false))
        .otherwise(cause -> reviews.internalError("unknown", cause));
  }

  /** Nobody reads this: the client disconnected while its body waited. */
  private HttpResponse hungUp() {
    metrics.badRequest(BadRequest.HUNG_UP);
    return HttpResponse.line(503, "the client has hung up");
  }

  /**
   * Disconnects a client that does not receive its answer, in time or before others need the
   * memory.
   */
  private void send(HttpServerRequest request, HttpResponse answer) {
    var connection = request.connection();
    var claim =
        budget.take(
            answer.body().length(), System.nanoTime(), () -> Connections.closeNow(connection));
    if (claim == null) {
      refuse(request);
      return;
    }
    var sent = answer.send(request).onComplete(done -> claim.release());
    if (!sent.isComplete()) {
      long end =
          vertx.setTimer(limits.request().toMillis(), late -> Connections.closeNow(connection));
      sent.onComplete(done -> vertx.cancelTimer(end));
    }
  }

  private void refuse(HttpServerRequest request) {
    metrics.badRequest(BadRequest.OVERLOAD);
    HttpResponse.line(503, "too many large reviews at a time: try again").send(request);
  }

  private void unknownRoute(RoutingContext context) {
    metrics.badRequest(BadRequest.ROUTE);
    HttpResponse.line(
            404,
            "post an AdmissionReview to /mutate or /validate, or below them to"
                + " /<profile>[/privileged|/baseline|/restricted]; to /observe; of a ConfigMap, to"
                + " /configuration")
        .send(context.request());
  }

  private void wrongMethod(RoutingContext context) {
    metrics.badRequest(BadRequest.METHOD);
    context.response().putHeader(HttpHeaders.ALLOW, "POST");
    HttpResponse.line(405, "this is an admission webhook: post an AdmissionReview to it")
        .send(context.request());
  }

  private static Optional<Route> route(
      Webhook webhook, @Nullable String profile, @Nullable String level) {
    if (profile != null && !DNS_LABEL.matcher(profile).matches()) {
      return Optional.empty();
    }
    if (level == null) {
      return Optional.of(new Route(webhook, profile, PodSecurityLevel.PRIVILEGED));
    }
    for (var known : PodSecurityLevel.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(level)) {
        return Optional.of(new Route(webhook, profile, known));
      }
    }
    return Optional.empty();
  }

  private static boolean isJson(@Nullable String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }
}
