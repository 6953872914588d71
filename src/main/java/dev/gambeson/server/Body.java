package dev.gambeson.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
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
   * Reads the body of a request. Of one that is too large, or refused, the rest is read and
   * dropped, as long as it is not many times too large: a client that is still sending would not
   * see the answer.
   *
   * <p>All that will be kept is taken from the budget at once. Bodies that took what they need bit
   * by bit would keep each other from ever having enough.
   *
   * @param bound how many bytes are kept
   * @param budget of all requests; {@link Reading#release} gives back what this one took
   */
  static Reading read(HttpServerRequest request, int bound, Budget budget) {
    var reading = new Reading(bound, room(request, bound), budget);
    request.handler(reading::add);
    request.exceptionHandler(reading.body::tryFail);
    request.endHandler(end -> reading.end());
    return reading;
  }

  /** How many bytes of the body may have to be kept. */
  private static int room(HttpServerRequest request, int bound) {
    var declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (declared == null) {
      return bound;
    }
    long length = Long.parseLong(declared);
    return (int) (length <= bound ? length : Math.min(HEAD, bound));
  }

  /** A body that is arriving. */
  final class Reading {
    private static final int PATIENCE = 4;

    private final Promise<Body> body = Promise.promise();
    private final Buffer kept = Buffer.buffer();
    private final int bound;
    private final int room;
    private final Budget budget;
    private final boolean refused;
    private long length;

    private Reading(int bound, int room, Budget budget) {
      this.bound = bound;
      this.budget = budget;
      refused = !budget.take(room);
      this.room = refused ? 0 : room;
    }

    /** Fails where the client hangs up. */
    Future<Body> body() {
      return body.future();
    }

    /** Gives back what was taken from the budget; once, when the body is no longer needed. */
    void release() {
      budget.giveBack(room);
    }

    private void add(Buffer chunk) {
      length += chunk.length();
      kept.appendBuffer(chunk, 0, Math.min(chunk.length(), room - kept.length()));
      if (length > (long) PATIENCE * bound) {
        end();
      }
    }

    private void end() {
      body.tryComplete(
          refused
              ? new Refused()
              : length <= bound
                  ? new Whole(kept)
                  : new TooLarge(kept.getBuffer(0, Math.min(HEAD, kept.length()))));
    }
  }
}
