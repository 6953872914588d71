package dev.gambeson.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** A complete HTTP response. */
record HttpResponse(int status, String contentType, Buffer body) {

  /** An AdmissionReview. */
  static HttpResponse review(byte[] review) {
    return new HttpResponse(200, "application/json", Buffer.buffer(review));
  }

  /** One line of text; the API server shows it when a call of a webhook fails. */
  static HttpResponse line(int status, String line) {
    return text(status, line + "\n");
  }

  static HttpResponse text(int status, String text) {
    return new HttpResponse(status, "text/plain; charset=utf-8", Buffer.buffer(text));
  }

  /**
   * Sends it, and closes the connection if the {@code Connection} header says so.
   *
   * @return completes when the client has received it or disconnected
   */
  Future<Void> send(HttpServerRequest request) {
    var response = request.response();
    if (response.closed() || response.ended()) {
      return Future.succeededFuture();
    }
    if (status == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    var sent =
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(body);
    if (response.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true)) {
      sent.onComplete(done -> request.connection().close());
    }
    return sent;
  }
}
