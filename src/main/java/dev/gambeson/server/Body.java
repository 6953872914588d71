package dev.gambeson.server;

import dev.gambeson.server.MemoryBudget.Claim;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a request, or the start of one that is too large. */
sealed interface Body {

  /** The array itself: a copy might take 16 MiB. */
  byte[] bytes();

  @SuppressWarnings("ArrayRecordComponent")
  record Whole(byte[] bytes) implements Body {}

  /** The first bytes of a body that is too large. */
  @SuppressWarnings("ArrayRecordComponent")
  record TooLarge(byte[] bytes) implements Body {}

  /** Contains the uid, which the API server writes before the object. */
  int HEAD = 64 * 1024;

  /**
   * Reads the body of a request. If it is too large or rejected, the rest is read and discarded,
   * unless it is several times too large: a client that is still sending would not see the answer.
   *
   * <p>Memory is taken from the budget as bytes arrive. Bodies that have part of the memory that
   * they need do not wait for each other: the slowest of them is rejected.
   *
   * @param bound the largest number of bytes to keep
   * @param budget of all requests; {@link Reading#release} returns the memory of this one
   */
  static Reading read(Context context, HttpServerRequest request, int bound, MemoryBudget budget) {
    var reading = new Reading(context, bound, room(request, bound), budget);
    request.handler(reading::add);
    request.exceptionHandler(reading.body::tryFail);
    request.endHandler(end -> reading.end());
    return reading;
  }

  /** The most bytes that the body can need. */
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
    private static final int DISCARDED_BODIES = 4;
    private static final byte[] NOTHING = {};

    private final Promise<Optional<Body>> body = Promise.promise();
    private final MinimumPace pace = new MinimumPace(System.nanoTime());
    private final Context context;
    private final int bound;
    private final MemoryBudget budget;
    private int room;
    private byte[] kept = NOTHING;
    private @Nullable Claim claim;
    private boolean released;
    private long length;

    private Reading(Context context, int bound, int room, MemoryBudget budget) {
      this.context = context;
      this.bound = bound;
      this.room = room;
      this.budget = budget;
    }

    /** Empty if faster requests took the memory; fails if the client disconnects. */
    Future<Optional<Body>> body() {
      return body.future();
    }

    /** Returns the memory to the budget; later bytes are discarded. */
    void release() {
      released = true;
      kept = NOTHING;
      if (claim != null) {
        claim.release();
      }
    }

    private void add(Buffer chunk) {
      if (body.future().isComplete()) {
        return;
      }
      pace.arrived(chunk.length(), System.nanoTime());
      if (claim != null) {
        claim.progress(pace.due());
      }
      int from = (int) Math.min(length, room);
      length += chunk.length();
      if (!released) {
        keep(chunk, from, (int) Math.min(length, room));
      }
      if (length > (long) DISCARDED_BODIES * bound) {
        end();
      }
    }

    private void keep(Buffer chunk, int from, int to) {
      if (to > kept.length) {
        resize(Math.min(room, Math.max(to, 2 * kept.length)));
      }
      if (!released) {
        chunk.getBytes(0, to - from, kept, from);
      }
      if (length > bound && room > HEAD) {
        room = HEAD;
        resize(room);
      }
    }

    /** While the bytes are copied, both arrays count. */
    private void resize(int capacity) {
      if (claim != null && !claim.keep()) {
        release();
        return;
      }
      var next = budget.take(capacity, pace.due(), () -> context.runOnContext(end -> release()));
      if (next == null) {
        release();
        return;
      }
      kept = Arrays.copyOf(kept, capacity);
      if (claim != null) {
        claim.release();
      }
      claim = next;
    }

    private void end() {
      if (body.future().isComplete()) {
        return;
      }
      if (claim != null && !claim.keep()) {
        release();
      }
      body.tryComplete(released ? Optional.empty() : Optional.of(arrived()));
      kept = NOTHING;
    }

    private Body arrived() {
      return length <= bound ? new Whole(first((int) length)) : new TooLarge(first(HEAD));
    }

    private byte[] first(int bytes) {
      return bytes < kept.length ? Arrays.copyOf(kept, bytes) : kept;
    }
  }
}
