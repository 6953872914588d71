package dev.gambeson.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results of {@code bench/run} as Markdown. */
final class Report {
  /**
   * What is to be reached.
   *
   * @param against the server whose figure is the base of the ratio; empty where the figure itself
   *     is meant
   * @param most whether goal and floor are upper bounds
   */
  record Goal(
      String row,
      String load,
      String metric,
      String against,
      double goal,
      double floor,
      boolean most) {

    /** What a figure reaches. */
    String verdict(double value) {
      return (most ? value <= goal : value >= goal)
          ? "goal"
          : (most ? value <= floor : value >= floor) ? "floor" : "**missed**";
    }

    String text() {
      return "%s %s, floor %s"
          .formatted(most ? "at most" : "at least", figure(goal), figure(floor));
    }
  }

  static final List<Goal> GOALS =
      List.of(
          new Goal("throughput", "mutate", "reviews/s", "tree", 1.0, 0.6, false),
          new Goal("throughput", "validate", "reviews/s", "tree", 1.0, 0.6, false),
          new Goal("webhook", "validate", "reviews/CPU s", "podsecurity", 5, 3, false),
          new Goal("cold", "both", "CPU s", "", 6.6 / 4, 6.6 / 2, true),
          new Goal("latency", "both", "p99 ms", "constant", 3, 5, true),
          new Goal("start", "1 core", "wall s", "", 10.0 / 2, 10.0 * 2 / 3, true),
          new Goal("start", "2 cores", "wall s", "", 5.0 / 2, 5.0 * 2 / 3, true),
          new Goal("memory", "both", "MB", "", 128, 200, true),
          new Goal("review", "file", "wall s", "", 0.5, 0.9, true));

  /** A figure of one server, once for each round. */
  record Series(String row, String load, String server, String metric, List<Double> values) {
    double median() {
      var sorted = values.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least() {
      return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double most() {
      return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
  }

  private final Map<String, Series> results = new LinkedHashMap<>();

  /**
   * Reads results.
   *
   * @param lines row, load, server, round, metric and value, with tabulators between
   */
  Report(List<String> lines) {
    for (var line : lines) {
      var cells = line.split("\t", -1);
      results
          .computeIfAbsent(
              key(cells[0], cells[1], cells[2], cells[4]),
              key -> new Series(cells[0], cells[1], cells[2], cells[4], new ArrayList<>()))
          .values()
          .add(Double.parseDouble(cells[5]));
    }
  }

  public static void main(String[] arguments) throws IOException {
    System.out.print(new Report(Files.readAllLines(Path.of(arguments[0]))).tables());
  }

  String tables() {
    var text =
        new StringBuilder(
            """
            | what | goal | reached | |
            | --- | --- | --- | --- |
            """);
    for (var goal : GOALS) {
      var series = results.get(key(goal.row(), goal.load(), "gambeson", goal.metric()));
      if (series == null) {
        continue;
      }
      double value = series.median();
      var of = goal.metric();
      if (!goal.against().isEmpty()) {
        value /= results.get(key(goal.row(), goal.load(), goal.against(), goal.metric())).median();
        of += " of " + goal.against();
      }
      text.append(
          "| %s, %s: %s | %s | %s | %s |\n"
              .formatted(
                  goal.row(), goal.load(), of, goal.text(), figure(value), goal.verdict(value)));
    }
    text.append(
        """

        | row | load | server | metric | median | least | most | of constant | of tree |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (var series : results.values()) {
      text.append(
          "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  series.row(),
                  series.load(),
                  series.server(),
                  series.metric(),
                  figure(series.median()),
                  figure(series.least()),
                  figure(series.most()),
                  ratio(series, "constant"),
                  ratio(series, "tree")));
    }
    return text.toString();
  }

  private String ratio(Series series, String server) {
    var other = results.get(key(series.row(), series.load(), server, series.metric()));
    return other == null ? "" : figure(series.median() / other.median());
  }

  private static String key(String... parts) {
    return String.join("\t", parts);
  }

  /** Three digits that count. */
  static String figure(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : value >= 10
            ? String.format(Locale.ROOT, "%.1f", value)
            : String.format(Locale.ROOT, "%.2f", value);
  }
}
