package dev.gambeson.server;

import java.time.Duration;

/**
 * How far a client is behind the lowest pace at which it must send: by the time since it began,
 * less the time that its bytes may take. Nobody gets ahead: who sent much and then stalls falls
 * behind at once. Times are those of one clock, in nanoseconds.
 */
final class Pace {
  private static final int BYTES_PER_SECOND = 64 * 1024;

  private long due;

  /** The pace of a client that begins now. */
  Pace(long now) {
    due = now;
  }

  /** Takes note of bytes that have arrived by now. */
  void arrived(int bytes, long now) {
    long worth = bytes * Duration.ofSeconds(1).toNanos() / BYTES_PER_SECOND;
    due = now - Math.max(0, now - due - worth);
  }

  /** When a client that keeps the pace would have sent as much. */
  long due() {
    return due;
  }
}
