package dev.gambeson.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * As many texts, from the first one on, as fit into a number of bytes, and the count of the others.
 * No text is cut, and none is written once one did not fit.
 */
public final class Excerpt {
  /** The length of a count. */
  private static final int DIGITS = 7;

  private final String separator;
  private final String more;
  private final List<String> kept = new ArrayList<>();
  private int room;
  private int left;

  /**
   * Creates it, empty.
   *
   * @param bytes the length in UTF-8, the separators and the count included
   * @param separator what stands between two texts
   * @param more the format of the count, {@code … and %d more} for example
   */
  public Excerpt(int bytes, String separator, String more) {
    this.separator = separator;
    this.more = more;
    this.room = bytes - reserved(separator, more);
  }

  /** The length of a count, with the separator before it. */
  public static int reserved(String separator, String more) {
    return bytes(separator) + bytes(more) + DIGITS;
  }

  /** The length of a text in UTF-8. */
  public static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  /** Adds a text, whether it fits or not. */
  public void keep(String text) {
    kept.add(text);
    room -= length(text);
  }

  /** Adds a text where it fits. */
  public void add(Supplier<String> text) {
    add(text, Integer.MAX_VALUE);
  }

  /**
   * Adds a text where it fits, and takes no more than {@code most} bytes.
   *
   * @return how many it took
   */
  public int add(Supplier<String> text, int most) {
    if (left == 0) {
      var written = text.get();
      int length = length(written);
      if (length <= Math.min(room, most)) {
        keep(written);
        return length;
      }
    }
    left++;
    return 0;
  }

  /** The texts that fit, then the count of the others, where there are any. */
  public List<String> texts() {
    var all = new ArrayList<>(kept);
    if (left > 0) {
      all.add(more.formatted(left));
    }
    return all;
  }

  @Override
  public String toString() {
    return String.join(separator, texts());
  }

  private int length(String text) {
    return bytes(text) + bytes(separator);
  }
}
