package dev.gambeson.cli;

import dev.gambeson.cluster.ClusterProgress;
import java.io.PrintWriter;

/** Shows in one line of a terminal how far the reading of a cluster is. */
record ProgressBar(PrintWriter terminal, int columns) implements ClusterProgress, AutoCloseable {
  private static final int WIDTH = 30;
  private static final int NARROWEST = 5;
  private static final String CLEAR = "\r\033[K";

  @Override
  public void show(String what, long done, long all) {
    var text = "%d of %d %s".formatted(done, all, what);
    // A line that fills the terminal is two on many, and only the last of them could be cleared.
    int room = columns - 1;
    int width = Math.min(WIDTH, room - "[] ".length() - text.length());
    terminal.print(CLEAR + (width < NARROWEST ? cut(text, room) : bar(width, done, all) + text));
    terminal.flush();
  }

  private static String bar(int width, long done, long all) {
    int filled = Math.toIntExact(all == 0 ? width : width * done / all);
    return "[%s%s] ".formatted("#".repeat(filled), " ".repeat(width - filled));
  }

  private static String cut(String text, int room) {
    return text.substring(0, Math.clamp(room, 0, text.length()));
  }

  /** Takes the line away. */
  @Override
  public void close() {
    terminal.print(CLEAR);
    terminal.flush();
  }
}
