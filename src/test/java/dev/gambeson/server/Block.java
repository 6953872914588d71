package dev.gambeson.server;

import dev.gambeson.verdict.Configuration;
import java.util.concurrent.CountDownLatch;

/** Holds the first reviews up, once it is armed. */
final class Block {
  private final CountDownLatch inHand;
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean armed;

  Block(int reviews) {
    inHand = new CountDownLatch(reviews);
  }

  void arm() {
    armed = true;
  }

  Configuration configuration() {
    if (armed && inHand.getCount() > 0) {
      inHand.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return TestServer.configuration(true);
  }

  void awaitInHand() throws InterruptedException {
    inHand.await();
  }

  void release() {
    released.countDown();
  }
}
