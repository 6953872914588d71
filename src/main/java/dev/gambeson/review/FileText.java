package dev.gambeson.review;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The texts of files, and why a file has none. */
final class FileText {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** What a shell passes for {@code <(command)}: its other end is open already. */
  private static final Pattern OPEN_STREAM =
      Pattern.compile("/dev/stdin|(/dev|/proc/self)/fd/\\d+");

  private FileText() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   */
  static String read(Path path) throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new UnreadableTextException("is a folder");
    }
    if (attributes.isOther() && !OPEN_STREAM.matcher(path.toString()).matches()) {
      throw new UnreadableTextException(
          "is a pipe, a socket or a device, not a file; - reads the standard input");
    }
    return of(Files.readAllBytes(path));
  }

  /**
   * The text that bytes write.
   *
   * @throws IOException if they write none
   */
  static String of(byte[] bytes) throws IOException {
    int first = bytes.length < 2 ? 0 : ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
    if (first == 0x1F8B) {
      throw new UnreadableTextException(
          "is compressed with gzip: decompress it first, or render it where it is a chart: helm template");
    }
    boolean halfNull = bytes.length > 1 && (bytes[0] == 0) != (bytes[1] == 0);
    if (first == 0xFEFF || first == 0xFFFE || halfNull) {
      throw new UnreadableTextException("is UTF-16 text: save it as UTF-8");
    }
    var decoder = UTF_8.newDecoder();
    var read = ByteBuffer.wrap(bytes);
    var text = CharBuffer.allocate(bytes.length);
    boolean malformed = decoder.decode(read, text, true).isError();
    var decoded = text.flip().toString();
    if (decoded.indexOf('\0') >= 0 || (malformed && hasNull(bytes))) {
      throw new UnreadableTextException("is a binary file, not text");
    }
    if (malformed) {
      throw new UnreadableTextException(
          "is not UTF-8 text: byte 0x%s in line %d"
              .formatted(
                  HEX.toHexDigits(bytes[read.position()]),
                  1 + decoded.chars().filter(character -> character == '\n').count()));
    }
    return decoded;
  }

  private static boolean hasNull(byte[] bytes) {
    for (byte each : bytes) {
      if (each == 0) {
        return true;
      }
    }
    return false;
  }
}
