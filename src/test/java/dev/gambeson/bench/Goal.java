package dev.gambeson.bench;

import java.util.List;

/**
 * What a figure of Gambeson must reach.
 *
 * @param against the server whose figure it is divided by; empty where it stands for itself
 * @param atMost whether goal and floor are upper bounds
 */
record Goal(
    String row,
    String load,
    String metric,
    String against,
    double goal,
    double floor,
    boolean atMost) {

  static final List<Goal> ALL =
      List.of(
          atLeast("throughput", "mutate", "reviews/s", "tree", 1.0, 0.6),
          atLeast("throughput", "validate", "reviews/s", "tree", 1.0, 0.6),
          atLeast("webhook", "restricted", "reviews/CPU s", "podsecurity", 5, 3),
          atMost("cold", "both", "CPU s", "", 1.65, 3.3),
          atMost("latency", "both", "p99 ms", "constant", 3, 5),
          atMost("start", "1 core", "wall s", "", 5, 6.7),
          atMost("start", "2 cores", "wall s", "", 2.5, 3.3),
          atMost("memory", "both", "MB", "", 128, 200),
          atLeast("cluster", "creates", "creates/s", "uid", 0.85, 0.7),
          atMost("cluster", "creates", "webhook CPU ms", "", 0.6, 0.8),
          atMost("cluster", "creates", "API server CPU ms", "", 2.6, 2.6),
          atMost("rollout", "pods", "created s", "none", 1.5, 2.2),
          atMost("review", "file", "wall s", "", 0.5, 0.9));

  private static Goal atLeast(
      String row, String load, String metric, String against, double goal, double floor) {
    return new Goal(row, load, metric, against, goal, floor, false);
  }

  private static Goal atMost(
      String row, String load, String metric, String against, double goal, double floor) {
    return new Goal(row, load, metric, against, goal, floor, true);
  }

  String verdict(double value) {
    return reaches(value, goal) ? "goal" : reaches(value, floor) ? "floor" : "missed";
  }

  private boolean reaches(double value, double bound) {
    return atMost ? value <= bound : value >= bound;
  }
}
