package dev.gambeson.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of bodies and answers of all requests. Small ones have a share of their own,
 * which large ones never use. When a share is used up, its slowest claims end first. Thread-safe.
 */
final class MemoryBudget {
  private final Share small;
  private final Share large;
  private final int upTo;
  private long claims;

  MemoryBudget(Limits.Share small, Limits.Share large) {
    this.small = new Share(small.bytes());
    this.large = new Share(large.bytes());
    upTo = small.body();
  }

  /** The used bytes of the small share. */
  synchronized long small() {
    return small.bytes - small.left;
  }

  /** The used bytes of the large share. */
  synchronized long large() {
    return large.bytes - large.left;
  }

  /**
   * Takes a number of bytes, and ends slower claims if necessary.
   *
   * @param due when a client at the minimum pace would have sent as much, as {@link
   *     System#nanoTime}
   * @param onEnd called, by any thread, if the claim ends for a faster one
   * @return null if there are not enough bytes; then none are taken
   */
  @Nullable Claim take(int bytes, long due, Runnable onEnd) {
    var ended = new ArrayList<Claim>();
    var claim = take(bytes, due, onEnd, ended);
    ended.forEach(slower -> slower.onEnd.run());
    return claim;
  }

  private synchronized @Nullable Claim take(
      int bytes, long due, Runnable onEnd, List<Claim> ended) {
    var share = bytes <= upTo ? small : large;
    var claim = new Claim(share, bytes, due, claims++, onEnd);
    while (share.left < bytes && !share.endable.isEmpty() && share.endable.first().due - due < 0) {
      var slowest = share.endable.first();
      slowest.release();
      ended.add(slowest);
    }
    if (share.left < bytes) {
      return null;
    }
    share.left -= bytes;
    share.endable.add(claim);
    return claim;
  }

  private static final class Share {
    /** The slowest first. */
    private final TreeSet<Claim> endable =
        new TreeSet<>(
            Comparator.<Claim>comparingLong(claim -> claim.due)
                .thenComparingLong(claim -> claim.number));

    private final long bytes;
    private long left;

    Share(long bytes) {
      this.bytes = bytes;
      left = bytes;
    }
  }

  /** Bytes in use. */
  final class Claim {
    private final Share share;
    private final long number;
    private final Runnable onEnd;
    private int bytes;
    private long due;

    private Claim(Share share, int bytes, long due, long number, Runnable onEnd) {
      this.share = share;
      this.bytes = bytes;
      this.due = due;
      this.number = number;
      this.onEnd = onEnd;
    }

    /** Updates how far the client has come. */
    void progress(long due) {
      synchronized (MemoryBudget.this) {
        if (share.endable.remove(this)) {
          this.due = due;
          share.endable.add(this);
        }
      }
    }

    /**
     * Keeps the bytes until they are released: no other claim can end this one.
     *
     * @return false if it has already ended
     */
    boolean keep() {
      synchronized (MemoryBudget.this) {
        return share.endable.remove(this);
      }
    }

    /** Returns the bytes, once. */
    void release() {
      synchronized (MemoryBudget.this) {
        share.endable.remove(this);
        share.left += bytes;
        bytes = 0;
      }
    }
  }
}
