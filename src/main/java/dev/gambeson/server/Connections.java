package dev.gambeson.server;

import io.vertx.core.http.HttpConnection;
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

  int count() {
    return ends.size();
  }
}
