package dev.gambeson.server;

import java.time.Duration;

/**
 * How far a client is behind the minimum pace at which it must send: the time since it started,
 * minus the time that its bytes may take. A client cannot get ahead: if it sends a lot and then
 * stalls, it falls behind at once. All times are of one clock, in nanoseconds.
 */
final class MinimumPace {
  private static final int BYTES_PER_SECOND = 64 * 1024;

  private long due;

  /** A client that starts now. */
  MinimumPace(long now) {
    due = now;
  }

  /** Adds bytes that have arrived. */
  void arrived(int bytes, long now) {
    long worth = bytes * Duration.ofSeconds(1).toNanos() / BYTES_PER_SECOND;
    due = now - Math.max(0, now - due - worth);
  }

  /** When a client at the minimum pace would have sent as much. */
  long due() {
    return due;
  }
}
