package dev.gambeson.server;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The open connections of clients, with their number and age bounded. */
final class Connections {
  /** When each should end; the least recently used first. */
  private final LinkedHashMap<HttpConnection, Long> ends = new LinkedHashMap<>(16, 0.75f, true);

  /** Those that wait for an answer, and whose request has arrived whole. */
  private final Set<HttpConnection> waiting = new HashSet<>();

  private final Limits limits;
  private volatile boolean draining;

  Connections(Limits limits) {
    this.limits = limits;
  }

  /**
   * Adds a new connection. If there are too many, the least recently used one ends that does not
   * wait for an answer: maybe the new one.
   */
  void add(HttpConnection connection) {
    connection.closeHandler(closed -> remove(connection));
    addWithin(connection).ifPresent(Connections::closeNow);
  }

  private synchronized Optional<HttpConnection> addWithin(HttpConnection connection) {
    double age =
        limits.connectionAge().toNanos() * ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    ends.put(connection, System.nanoTime() + (long) age);
    if (ends.size() <= limits.connections()) {
      return Optional.empty();
    }
    var ended = ends.keySet().stream().filter(each -> !waiting.contains(each)).findFirst();
    ended.ifPresent(ends::remove);
    return ended;
  }

  private synchronized void remove(HttpConnection connection) {
    ends.remove(connection);
    waiting.remove(connection);
  }

  /** Keeps a connection open whose request has arrived, until it is answered. */
  synchronized void waitsForAnswer(HttpConnection connection) {
    if (ends.containsKey(connection)) {
      waiting.add(connection);
    }
  }

  /** From now on, the connection may end again, but as one that was just used. */
  synchronized void isAnswered(HttpConnection connection) {
    waiting.remove(connection);
    ends.get(connection);
  }

  /** Ends each connection after its next answer, from now on. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether a connection may stay open after the request that starts now. */
  synchronized boolean mayStayOpen(HttpConnection connection) {
    var end = ends.get(connection);
    return !draining && end != null && System.nanoTime() - end < 0;
  }

  /**
   * The Netty channel of a connection.
   *
   * @throws IllegalStateException if Vert.x does not expose it: without it, a client could hold
   *     connections for ever
   */
  static Channel channel(HttpConnection connection) {
    if (!(connection instanceof ConnectionBase base)) {
      throw new IllegalStateException("no channel behind " + connection);
    }
    return base.channel();
  }

  /** Closes a connection without waiting until the client has received what was sent. */
  static void closeNow(HttpConnection connection) {
    var first = channel(connection).pipeline().firstContext();
    if (first != null) {
      var _ = first.close();
    }
  }

  synchronized int count() {
    return ends.size();
  }
}
