package dev.gambeson.server;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The connections that clients have open, and whether each may stay so. */
final class Connections {
  /** When each is to end; the one whose last request is longest ago first. */
  private final LinkedHashMap<HttpConnection, Long> ends = new LinkedHashMap<>(16, 0.75f, true);

  private final Limits limits;
  private volatile boolean draining;

  Connections(Limits limits) {
    this.limits = limits;
  }

  /** Adds one that is new. Where there are too many, the one that is silent for longest ends. */
  void add(HttpConnection connection) {
    connection.closeHandler(closed -> remove(connection));
    addWithin(connection).ifPresent(Connections::cut);
  }

  private synchronized Optional<HttpConnection> addWithin(HttpConnection connection) {
    double age =
        limits.connectionAge().toNanos() * ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    ends.put(connection, System.nanoTime() + (long) age);
    if (ends.size() <= limits.connections()) {
      return Optional.empty();
    }
    return Optional.of(ends.pollFirstEntry().getKey());
  }

  private synchronized void remove(HttpConnection connection) {
    ends.remove(connection);
  }

  /** From now on no connection outlives its next answer. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether a connection on which a request begins may stay open after it. */
  synchronized boolean mayStay(HttpConnection connection) {
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
    var first = channel(connection).pipeline().firstContext();
    if (first != null) {
      var _ = first.close();
    }
  }

  synchronized int count() {
    return ends.size();
  }
}
