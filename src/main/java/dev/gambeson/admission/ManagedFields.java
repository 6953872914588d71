package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * Cuts {@code managedFields} out of a review: no rule asks for them, and they are up to half of a
 * pod. A parser would read each of their many names.
 */
final class ManagedFields {
  /** As the API server writes it. In a string, another character would stand before the quote. */
  private static final String BEGINNING = ",\"managedFields\":[";

  private ManagedFields() {}

  /**
   * The same JSON without them; the same bytes where there are none, or anything is odd.
   *
   * @param json any bytes
   */
  static ByteBuffer cut(byte[] json) {
    // Every byte is one character, and the search is fast.
    var text = new String(json, ISO_8859_1);
    int start = text.indexOf(BEGINNING);
    if (start < 0) {
      return ByteBuffer.wrap(json);
    }
    var rest = ByteBuffer.allocate(json.length);
    int kept = 0;
    while (start >= 0) {
      int end = endOfList(json, start + BEGINNING.length());
      if (end < 0) {
        return ByteBuffer.wrap(json);
      }
      rest.put(json, kept, start - kept);
      kept = end;
      start = text.indexOf(BEGINNING, end);
    }
    return rest.put(json, kept, json.length - kept).flip();
  }

  /** Where the list ends in which that position is; negative where it does not. */
  private static int endOfList(byte[] json, int position) {
    int depth = 1;
    for (int i = position; i < json.length; i++) {
      switch (json[i]) {
        case '"' -> i = endOfString(json, i + 1);
        case '[', '{' -> depth++;
        case ']', '}' -> {
          depth--;
          if (depth == 0) {
            return i + 1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /** Where the string ends in which that position is; beyond the text where it does not. */
  private static int endOfString(byte[] json, int position) {
    int i = position;
    while (true) {
      // Most of the list is in strings, and the compiler makes so plain a loop fast.
      while (i < json.length && json[i] != '"' && json[i] != '\\') {
        i++;
      }
      if (i >= json.length || json[i] == '"') {
        return i;
      }
      i += 2;
    }
  }
}
