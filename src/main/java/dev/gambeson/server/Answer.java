package dev.gambeson.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** A whole response. */
record Answer(int status, String contentType, Buffer body) {

  /** A review, which carries its verdict itself. */
  static Answer review(byte[] review) {
    return new Answer(200, "application/json", Buffer.buffer(review));
  }

  /** One line for people; the API server shows it where the call of a webhook failed. */
  static Answer line(int status, String line) {
    return text(status, line + "\n");
  }

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", Buffer.buffer(text));
  }

  /**
   * Sends it, and closes the connection where its {@code Connection} header says so.
   *
   * @return done when the client's side of the connection has taken it, or is gone
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
