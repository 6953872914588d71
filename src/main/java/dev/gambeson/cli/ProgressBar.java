package dev.gambeson.cli;

import dev.gambeson.cluster.ClusterProgress;
import java.io.PrintWriter;

/** Shows in one line of a terminal how far the reading of a cluster is. */
record ProgressBar(PrintWriter terminal) implements ClusterProgress, AutoCloseable {
  private static final int WIDTH = 30;
  private static final String CLEAR = "\r\033[K";

  @Override
  public void show(String what, long done, long all) {
    int filled = Math.toIntExact(all == 0 ? WIDTH : WIDTH * done / all);
    terminal.print(
        "%s[%s%s] %d of %d %s"
            .formatted(CLEAR, "#".repeat(filled), " ".repeat(WIDTH - filled), done, all, what));
    terminal.flush();
  }

  /** Takes the line away. */
  @Override
  public void close() {
    terminal.print(CLEAR);
    terminal.flush();
  }
}
