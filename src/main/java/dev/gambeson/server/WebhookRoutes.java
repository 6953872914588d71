package dev.gambeson.server;

import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import dev.gambeson.rule.PodSecurityLevel;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
  private final Exchanges exchanges;
  private final ReviewHandler reviews;
  private final ConfigurationReviewHandler configurations;
  private final Connections connections;
  private final GambesonMetrics metrics;
  private final Limits limits;

  WebhookRoutes(
      Vertx vertx,
      Exchanges exchanges,
      ReviewHandler reviews,
      ConfigurationReviewHandler configurations,
      Connections connections,
      GambesonMetrics metrics,
      Limits limits) {
    this.router = Router.router(vertx);
    this.exchanges = exchanges;
    this.reviews = reviews;
    this.configurations = configurations;
    this.connections = connections;
    this.metrics = metrics;
    this.limits = limits;
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
      exchanges.answer(context.request(), limits.large().body(), review);
    }
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

  static boolean isJson(@Nullable String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }
}
