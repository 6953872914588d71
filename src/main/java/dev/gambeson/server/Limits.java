package dev.gambeson.server;

import java.time.Duration;

/**
 * What one client may ask of the server.
 *
 * @param body how many bytes of a review are read: the API server sends old and new object of 3 MiB
 *     each, and its JSON may be several times as long
 * @param bodies how many bytes of reviews may be in hand at a time; what is beyond is asked to come
 *     again
 * @param request how long a request may take to arrive, from its first byte to its last
 * @param idle how long a connection may be silent; longer than the 90 s after which the API server
 *     closes it, so that the client closes first
 * @param connectionAge when a connection is closed after its next answer, so that clients spread
 *     over replicas that came later; varied by a tenth
 * @param news how long it takes until every node of a cluster has heard that a replica goes
 */
public record Limits(
    int body, long bodies, Duration request, Duration idle, Duration connectionAge, Duration news) {
  public static final Limits DEFAULTS =
      new Limits(
          16 * 1024 * 1024,
          Math.max(32 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          Duration.ofMinutes(5),
          Duration.ofSeconds(15));

  /** The bound of a body in words. */
  String bodyInWords() {
    return body % (1024 * 1024) == 0 ? body / (1024 * 1024) + " MiB" : body + " bytes";
  }
}
