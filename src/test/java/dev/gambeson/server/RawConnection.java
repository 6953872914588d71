package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/** A client that sends what it wants, as slowly as it wants. */
final class RawConnection implements Closeable {
  private final Socket socket;

  RawConnection(Socket socket) {
    this.socket = socket;
  }

  /** The head of a review. */
  static String head(String path, String length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            .formatted(path)
        + "Content-Length: %s\r\n\r\n".formatted(length);
  }

  /** Sends the head of a review, and waits until the server has it. */
  void begin(String path, long length) throws IOException {
    send(head(path, length + "\r\nExpect: 100-continue"));
    if (status() != 100) {
      throw new IOException("no 100");
    }
    socket.getInputStream().readNBytes(" Continue\r\n\r\n".length());
  }

  void send(String text) throws IOException {
    send(text.getBytes(US_ASCII));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The status of the next answer. */
  int status() throws IOException {
    var line = new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), US_ASCII);
    if (line.length() < "HTTP/1.1 200".length()) {
      throw new IOException("closed without an answer");
    }
    return Integer.parseInt(line.substring("HTTP/1.1 ".length()));
  }

  /** Ends the connection as a client does that is killed. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
