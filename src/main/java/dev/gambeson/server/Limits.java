package dev.gambeson.server;

import java.time.Duration;

/**
 * The limits of requests and connections.
 *
 * <p>The defaults for a heap of size H. The chart has {@code H = 256 MiB}, half of its memory
 * limit:
 *
 * <pre>
 *   small bodies   H/32 of bytes  +  concurrent reviews: H/8, 8 MiB each    8 +  4 * 8 MiB
 *   large bodies  3H/16 of bytes  +  concurrent reviews: H/4, 64 MiB each  48 + 1 * 64 MiB
 *   total         19/32 H                                                  152 MiB
 * </pre>
 *
 * <p>The rest is for the program itself, connections and garbage. Judging a body costs at most some
 * 64 times its bytes: a JSON value of three bytes takes some 160 in the model. However large the
 * body is, each of its two objects costs at most 32 MiB, since its values are counted before they
 * are read. A body is held once, as the array that is parsed.
 *
 * @param small the bodies of nearly all reviews, a few KB each
 * @param large all others: the API server sends old and new object of 3 MiB each, and its JSON may
 *     be several times as long
 * @param stall how long a client that sends a request may be behind the minimum pace
 * @param request how long a client may take to send a request, from its first byte to its last; and
 *     how long to receive the answer
 * @param connections how many may be open; then the least recently used one ends that does not wait
 *     for an answer. Each costs about 50 KiB, and API servers keep some dozens open
 * @param idle how long a connection may be silent; longer than the 90 s after which the API server
 *     closes it, so that the client closes first
 * @param connectionAge when a connection is closed after its next answer, so that clients spread
 *     over replicas that came later; varied by a tenth
 * @param propagation how long it takes until every node of a cluster knows that a replica stops
 */
public record Limits(
    Share small,
    Share large,
    Duration stall,
    Duration request,
    int connections,
    Duration idle,
    Duration connectionAge,
    Duration propagation) {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public static final Limits DEFAULTS = forHeap(Runtime.getRuntime().maxMemory());

  /**
   * The limits of small or large bodies.
   *
   * @param body the largest size of each, in bytes
   * @param bytes the memory for bodies and their answers; clients beyond it must retry
   * @param concurrent how many are reviewed at a time; the others wait
   */
  public record Share(int body, long bytes, int concurrent) {}

  /** The limits for a heap of this many bytes; at least those for 128 MiB. */
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

  /** More than two threads for each core do not help. */
  private static int threads(long affordable) {
    return Math.toIntExact(
        Math.min(
            Math.max(1, affordable), Math.max(4, 2L * Runtime.getRuntime().availableProcessors())));
  }

  /** The largest size of a body, for messages. */
  String bodyInWords() {
    return large.body % MIB == 0 ? large.body / MIB + " MiB" : large.body + " bytes";
  }
}
