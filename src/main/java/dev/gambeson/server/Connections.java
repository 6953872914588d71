package dev.gambeson.server;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The connections that clients have open, and whether each may stay so. */
final class Connections {
  private final Map<HttpConnection, Long> ends = new ConcurrentHashMap<>();
  private final Duration maximumAge;
  private volatile boolean draining;

  Connections(Duration maximumAge) {
    this.maximumAge = maximumAge;
  }

  void add(HttpConnection connection) {
    double age = maximumAge.toNanos() * ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    ends.put(connection, System.nanoTime() + (long) age);
    connection.closeHandler(closed -> ends.remove(connection));
  }

  /** From now on no connection outlives its next answer. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  boolean mayStay(HttpConnection connection) {
    var end = ends.get(connection);
    return !draining && end != null && System.nanoTime() - end < 0;
  }

  /**
   * What is behind a connection.
   *
   * @throws IllegalStateException if Vert.x no longer shows it: without it, a client could hold
   *     connections for ever
   */
  static Channel channel(HttpConnection connection) {
    if (!(connection instanceof ConnectionBase base)) {
      throw new IllegalStateException("no channel behind " + connection);
    }
    return base.channel();
  }

  /** Closes one at once: an orderly end would wait until the client has taken what was sent. */
  static void cut(HttpConnection connection) {
    var _ = channel(connection).pipeline().firstContext().close();
  }

  int count() {
    return ends.size();
  }
}
