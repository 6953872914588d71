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

  /** None of it: too many others are being read. */
  record Refused() implements Body {}

  /** Where the API server writes the uid: before the object. */
  int HEAD = 64 * 1024;

  /**
   * Reads the body of a request. Of one that is too large the rest is read and dropped, as long as
   * it is not many times too large: a client that is still sending would not see the answer.
   *
   * @param bound how many bytes are kept
   * @param budget of all requests; {@link Reading#release} gives back what this one took
   */
  static Reading read(HttpServerRequest request, int bound, Budget budget) {
    var reading = new Reading(bound, budget);
    request.handler(reading::add);
    request.exceptionHandler(reading.body::tryFail);
    request.endHandler(end -> reading.end());
    return reading;
  }

  /** A body that is arriving. */
  final class Reading {
    private static final int PATIENCE = 4;

    private final Promise<Body> body = Promise.promise();
    private final int bound;
    private final Budget budget;
    private Buffer kept = Buffer.buffer();
    private long length;
    private long taken;
    private boolean refused;

    private Reading(int bound, Budget budget) {
      this.bound = bound;
      this.budget = budget;
    }

    /** Fails where the client hangs up. */
    Future<Body> body() {
      return body.future();
    }

    /** Gives back what was taken from the budget; once, when the body is no longer needed. */
    void release() {
      budget.giveBack(taken);
    }

    private void add(Buffer chunk) {
      boolean fitted = length <= bound;
      length += chunk.length();
      if (refused || (length <= bound && !take(chunk.length()))) {
        refused = true;
        kept = Buffer.buffer();
      } else if (length <= bound) {
        kept.appendBuffer(chunk);
      } else if (fitted) {
        kept = kept.appendBuffer(chunk).getBuffer(0, Math.min(HEAD, kept.length()));
      } else if (length > (long) PATIENCE * bound) {
        end();
      }
    }

    private boolean take(int bytes) {
      boolean took = budget.take(bytes);
      taken += took ? bytes : 0;
      return took;
    }

    private void end() {
      body.tryComplete(
          refused ? new Refused() : length <= bound ? new Whole(kept) : new TooLarge(kept));
    }
  }
}
