package dev.gambeson.server;

import java.time.Duration;

/**
 * What clients may ask of the server.
 *
 * <p>The defaults for a heap of the size H; {@code H = 256 MiB} is that of the chart, half of its
 * memory limit:
 *
 * <pre>
 *   small bodies   H/32 of bytes  +  judged at a time: H/8, 8 MiB each     8 +  4 * 8 MiB
 *   large bodies  3H/16 of bytes  +  judged at a time: H/4, 64 MiB each   48 + 1 * 64 MiB
 *   in all        19/32 H                                                 152 MiB
 * </pre>
 *
 * <p>The rest is for the program itself, connections and garbage. Judging a body costs at most some
 * 64 times its bytes: a JSON value of three bytes takes some 160 in the model. However large the
 * body is, each of its two objects costs at most 32 MiB, since its values are counted before they
 * are read. A body is held once, as the array that is parsed.
 *
 * @param small bodies like those of nearly all reviews, some KB
 * @param large all others: the API server sends old and new object of 3 MiB each, and its JSON may
 *     be several times as long
 * @param stall how long a request that is arriving may be behind the lowest pace
 * @param request how long it may take to arrive at any pace, from its first byte to its last; and
 *     its answer to be taken
 * @param connections how many may be open; beyond, the one whose last request is longest ago ends.
 *     Each costs some 50 KiB, and the API servers keep some dozens
 * @param idle how long a connection may be silent; longer than the 90 s after which the API server
 *     closes it, so that the client closes first
 * @param connectionAge when a connection is closed after its next answer, so that clients spread
 *     over replicas that came later; varied by a tenth
 * @param news how long it takes until every node of a cluster has heard that a replica goes
 */
public record Limits(
    Share small,
    Share large,
    Duration stall,
    Duration request,
    int connections,
    Duration idle,
    Duration connectionAge,
    Duration news) {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public static final Limits DEFAULTS = forHeap(Runtime.getRuntime().maxMemory());

  /**
   * What some of the bodies may take.
   *
   * @param body how many bytes each may have
   * @param bytes how many may be held at a time, of bodies and their answers; what is beyond is
   *     asked to come again
   * @param judged how many bodies are judged at a time; the others wait their turn
   */
  public record Share(int body, long bytes, int judged) {}

  /** The limits for a heap of so many bytes; smaller ones than 128 MiB are as that. */
  static Limits forHeap(long bytes) {
    long heap = Math.max(128L * MIB, bytes);
    return new Limits(
        new Share(128 * KIB, heap / 32, threads(heap / 8 / (8 * MIB))),
        new Share(16 * MIB, heap * 3 / 16, threads(heap / 4 / (64 * MIB))),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Math.toIntExact(heap / (256 * KIB)),
        Duration.ofSeconds(120),
        Duration.ofMinutes(5),
        Duration.ofSeconds(15));
  }

  /** More than twice as many threads as cores make nothing faster. */
  private static int threads(long affordable) {
    return Math.toIntExact(
        Math.min(
            Math.max(1, affordable), Math.max(4, 2L * Runtime.getRuntime().availableProcessors())));
  }

  /** The bound of a body in words. */
  String bodyInWords() {
    return large.body % MIB == 0 ? large.body / MIB + " MiB" : large.body + " bytes";
  }
}
