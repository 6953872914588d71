package dev.gambeson.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of bodies and answers all requests together may hold. What is small has a share of
 * its own, which nothing large ever takes from. Where a share is short, the slowest claims in it
 * end first. For any thread.
 */
final class Budget {
  private final Share small;
  private final Share large;
  private final int upTo;
  private long claims;

  Budget(Limits.Share small, Limits.Share large) {
    this.small = new Share(small.bytes());
    this.large = new Share(large.bytes());
    upTo = small.body();
  }

  /** How many bytes are taken of the share of what is small. */
  synchronized long small() {
    return small.bytes - small.left;
  }

  /** How many bytes are taken of the share of what is large. */
  synchronized long large() {
    return large.bytes - large.left;
  }

  /**
   * Takes so many bytes, and ends claims that are slower to have them.
   *
   * @param due when the client should have come as far as it is, as {@link System#nanoTime}
   * @param onEnd called, by any thread, where the claim ends for another that is faster
   * @return null where there are not so many, and none are taken
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

  /** Bytes that are taken. */
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

    /** Takes note of how far the client has come. */
    void progress(long due) {
      synchronized (Budget.this) {
        if (share.endable.remove(this)) {
          this.due = due;
          share.endable.add(this);
        }
      }
    }

    /**
     * Keeps the bytes until they are released: nothing ends the claim any more.
     *
     * @return false where it has ended
     */
    boolean keep() {
      synchronized (Budget.this) {
        return share.endable.remove(this);
      }
    }

    /** Gives the bytes back, unless that is done. */
    void release() {
      synchronized (Budget.this) {
        share.endable.remove(this);
        share.left += bytes;
        bytes = 0;
      }
    }
  }
}
