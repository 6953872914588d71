package dev.gambeson.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** The body of a request, as far as it is kept. */
sealed interface Body {

  /** All of it. */
  record Whole(Buffer bytes) implements Body {}

  /** The first bytes of one that is too large. */
  record TooLarge(Buffer head) implements Body {}

  /** Where the API server writes the uid: before the object. */
  int HEAD = 64 * 1024;

  /**
   * Reads the body of a request. Of one that is too large the rest is read and dropped, as long as
   * it is not many times too large: a client that is still sending would not see the answer.
   *
   * @param bound how many bytes are kept
   * @return fails where the client hangs up
   */
  static Future<Body> of(HttpServerRequest request, int bound) {
    var reading = new Reading(bound);
    request.handler(reading::add);
    request.exceptionHandler(reading.body::tryFail);
    request.endHandler(end -> reading.end());
    return reading.body.future();
  }

  /** A body that is arriving. */
  final class Reading {
    private static final int PATIENCE = 4;

    private final Promise<Body> body = Promise.promise();
    private final int bound;
    private Buffer kept = Buffer.buffer();
    private long length;

    private Reading(int bound) {
      this.bound = bound;
    }

    private void add(Buffer chunk) {
      boolean fitted = length <= bound;
      length += chunk.length();
      if (length <= bound) {
        kept.appendBuffer(chunk);
      } else if (fitted) {
        kept = kept.appendBuffer(chunk).getBuffer(0, Math.min(HEAD, kept.length()));
      } else if (length > (long) PATIENCE * bound) {
        end();
      }
    }

    private void end() {
      body.tryComplete(length <= bound ? new Whole(kept) : new TooLarge(kept));
    }
  }
}
