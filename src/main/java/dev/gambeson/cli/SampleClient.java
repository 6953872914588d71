package dev.gambeson.cli;

import dev.gambeson.server.GambesonServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Sends reviews to webhooks, as an API server does. */
final class SampleClient implements AutoCloseable {
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setFileSystemOptions(GambesonServer.NO_FILE_CACHE));
  private final HttpClient client;

  SampleClient(HttpClientOptions options) {
    client = vertx.createHttpClient(options.setSsl(true));
  }

  /**
   * Sends a review, and returns the answer.
   *
   * @param request where to
   * @param review an AdmissionReview, as JSON
   * @throws CompletionException if there is no answer in time; its cause says why
   */
  String post(RequestOptions request, String review, Duration timeout) {
    return client
        .request(
            request
                .setMethod(HttpMethod.POST)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json"))
        .compose(sending -> sending.send(Buffer.buffer(review)))
        .compose(HttpClientResponse::body)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(Buffer::toString)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
