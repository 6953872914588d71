package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

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
  static byte[] cut(byte[] json) {
    // Every byte is one character, and the search is fast.
    var text = new String(json, ISO_8859_1);
    int start = text.indexOf(BEGINNING);
    if (start < 0) {
      return json;
    }
    var rest = new ByteArrayOutputStream(json.length);
    int kept = 0;
    while (start >= 0) {
      int end = endOfList(json, start + BEGINNING.length());
      if (end < 0) {
        return json;
      }
      rest.write(json, kept, start - kept);
      kept = end;
      start = text.indexOf(BEGINNING, end);
    }
    rest.write(json, kept, json.length - kept);
    return rest.toByteArray();
  }

  /** Where the list ends in which that position is; negative where it does not. */
  private static int endOfList(byte[] json, int position) {
    int depth = 1;
    boolean inString = false;
    for (int i = position; i < json.length; i++) {
      byte b = json[i];
      if (b == '"') {
        inString = !inString;
      } else if (b == '\\') {
        i++;
      } else if (!inString) {
        if (b == '[' || b == '{') {
          depth++;
        } else if (b == ']' || b == '}') {
          depth--;
          if (depth == 0) {
            return i + 1;
          }
        }
      }
    }
    return -1;
  }
}
