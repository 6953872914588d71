package dev.gambeson.server;

import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Reads the bodies of requests, has them answered on worker threads and sends the answers, all
 * within the limits.
 */
final class Exchanges {
  private final Vertx vertx;
  private final WorkerExecutor largeBodies;
  private final Limits limits;
  private final Connections connections;
  private final MemoryBudget budget;
  private final GambesonMetrics metrics;
  private final Function<Throwable, HttpResponse> internalError;

  /**
   * Creates them.
   *
   * @param internalError the answer where answering fails
   */
  Exchanges(
      Vertx vertx,
      WorkerExecutor largeBodies,
      Limits limits,
      Connections connections,
      MemoryBudget budget,
      GambesonMetrics metrics,
      Function<Throwable, HttpResponse> internalError) {
    this.vertx = vertx;
    this.largeBodies = largeBodies;
    this.limits = limits;
    this.connections = connections;
    this.budget = budget;
    this.metrics = metrics;
    this.internalError = internalError;
  }

  /**
   * Answers a request.
   *
   * @param bound the largest body to read whole
   * @param answer called on a worker thread
   */
  void answer(HttpServerRequest request, int bound, Function<Body, HttpResponse> answer) {
    var reading = Body.read(vertx.getOrCreateContext(), request, bound, budget);
    reading
        .body()
        .onFailure(hungUp -> metrics.badRequest(BadRequest.HUNG_UP))
        .compose(body ->
            body.isPresent()
                ? judge(request, body.get(), answer).map(Optional::of)
                : Future.succeededFuture(Optional.<HttpResponse>empty()))
        .onComplete(done -> reading.release())
        .onSuccess(made -> {
          if (!request.isEnded()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
          }
          made.ifPresentOrElse(verdict -> send(request, verdict), () -> refuse(request));
        })
        .onComplete(done -> connections.isAnswered(request.connection()));
  }

  /**
   * Reviews on a worker thread. Large bodies have a queue of their own, so that small ones never
   * wait for them.
   */
  private Future<HttpResponse> judge(
      HttpServerRequest request, Body body, Function<Body, HttpResponse> answer) {
    connections.waitsForAnswer(request.connection());
    Callable<HttpResponse> judgement =
        () -> request.response().closed() ? hungUp() : answer.apply(body);
    return (body.bytes().length > limits.small().body()
            ? largeBodies.executeBlocking(judgement, false)
            : vertx.executeBlocking(judgement, false))
        .otherwise(internalError);
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
    HttpResponse.line(503, "too many reviews at a time: try again").send(request);
  }
}
