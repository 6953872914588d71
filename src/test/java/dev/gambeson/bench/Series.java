package dev.gambeson.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One figure of one server, once for each round. Where it grows with the reviews, the rounds are
 * their sizes.
 */
record Series(
    String row,
    String load,
    String server,
    String metric,
    List<Integer> rounds,
    List<Double> values) {

  /**
   * Reads results.
   *
   * @param lines row, load, server, round, metric and value, with tabulators between
   */
  static List<Series> read(List<String> lines) {
    var all = new LinkedHashMap<List<String>, Series>();
    for (var line : lines) {
      var cells = List.of(line.split("\t", -1));
      var series =
          all.computeIfAbsent(
              List.of(cells.get(0), cells.get(1), cells.get(2), cells.get(4)),
              key ->
                  new Series(
                      cells.get(0),
                      cells.get(1),
                      cells.get(2),
                      cells.get(4),
                      new ArrayList<>(),
                      new ArrayList<>()));
      series.rounds.add(Integer.valueOf(cells.get(3)));
      series.values.add(Double.valueOf(cells.get(5)));
    }
    return List.copyOf(all.values());
  }

  /** By the server's name: the same figure of all servers. */
  static Map<String, Series> ofAllServers(List<Series> all, Series one) {
    var servers = new LinkedHashMap<String, Series>();
    for (var other : all) {
      if (other.row.equals(one.row)
          && other.load.equals(one.load)
          && other.metric.equals(one.metric)) {
        servers.put(other.server, other);
      }
    }
    return servers;
  }

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

  /** With about three digits that count. */
  static String figure(double value) {
    return String.format(
        Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }
}
