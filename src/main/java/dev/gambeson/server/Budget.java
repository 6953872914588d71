package dev.gambeson.server;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies may be held at a time, by all requests together. */
final class Budget {
  private final AtomicLong left;

  Budget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes so many bytes. Returns false, and takes none, where there are not so many left. */
  boolean take(int bytes) {
    return left.getAndUpdate(now -> now >= bytes ? now - bytes : now) >= bytes;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
