package dev.gambeson.bench;

import static dev.gambeson.bench.Series.figure;

import java.util.List;

/** Plots as SVG. */
final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int TOP = 40;
  private static final int BOTTOM = HEIGHT - 40;
  private static final int LEFT = 170;
  private static final int RIGHT = WIDTH - 110;
  private static final int BAR = 26;
  private static final String OURS = "#2563eb";
  private static final String OTHERS = "#9ca3af";
  private static final List<String> COLOURS = List.of(OURS, "#d97706", "#059669", "#be185d");

  private Plot() {}

  /**
   * A bar for the median of each series with this figure, and a line from its least to its most.
   */
  static String bars(String title, String metric, List<Series> all) {
    var shown = shown(metric, all);
    double most = most(shown);
    var content = new StringBuilder();
    int y = TOP;
    for (var series : shown) {
      int median = across(series.median() / most);
      content.append(
          """
          <rect x='%d' y='%d' width='%d' height='18' fill='%s'/>
          <path d='M%d %dH%d' stroke='#111827'/>
          """
              .formatted(
                  LEFT,
                  y,
                  median - LEFT,
                  series.server().equals("gambeson") ? OURS : OTHERS,
                  across(series.least() / most),
                  y + 9,
                  across(series.most() / most)));
      content.append(text(LEFT - 8, y + 14, "end", series.load() + ", " + series.server()));
      content.append(
          text(across(series.most() / most) + 6, y + 14, "start", figure(series.median())));
      y += BAR;
    }
    return page(title, y, content);
  }

  /** A line for each series with this figure, over the part of its largest size. */
  static String lines(String title, String metric, List<Series> all) {
    var shown = shown(metric, all);
    double most = most(shown);
    var content =
        new StringBuilder(
            "<path d='M%d %dV%dH%d' fill='none' stroke='#111827'/>\n"
                .formatted(LEFT, TOP, BOTTOM, RIGHT));
    content.append(text(LEFT - 8, TOP + 8, "end", figure(most)));
    content.append(text(LEFT - 8, BOTTOM, "end", "0"));
    content.append(text((LEFT + RIGHT) / 2, BOTTOM + 22, "middle", "part of the largest size"));
    for (int i = 0; i < shown.size(); i++) {
      var series = shown.get(i);
      content.append(
          "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>\n"
              .formatted(points(series, most), COLOURS.get(i % COLOURS.size())));
      int end = up(series.values().getLast() / most);
      content.append(text(RIGHT + 8, end + 4, "start", series.load()));
    }
    return page(title, HEIGHT, content);
  }

  private static String points(Series series, double most) {
    double largest = series.rounds().getLast();
    var points = new StringBuilder();
    for (int i = 0; i < series.values().size(); i++) {
      points
          .append(points.isEmpty() ? "" : " ")
          .append(across(series.rounds().get(i) / largest))
          .append(',')
          .append(up(series.values().get(i) / most));
    }
    return points.toString();
  }

  private static List<Series> shown(String metric, List<Series> all) {
    return all.stream().filter(series -> series.metric().equals(metric)).toList();
  }

  private static double most(List<Series> shown) {
    return shown.stream().mapToDouble(Series::most).max().orElseThrow();
  }

  private static int across(double part) {
    return (int) Math.round(LEFT + part * (RIGHT - LEFT));
  }

  private static int up(double part) {
    return (int) Math.round(BOTTOM - part * (BOTTOM - TOP));
  }

  private static String text(int x, int y, String anchor, String text) {
    return "<text x='%d' y='%d' text-anchor='%s'>%s</text>\n".formatted(x, y, anchor, text);
  }

  private static String page(String title, int height, CharSequence content) {
    return """
    <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='13'>
    <rect width='100%%' height='100%%' fill='white'/>
    <text x='%d' y='24' text-anchor='middle' font-size='15'>%s</text>
    %s</svg>
    """
        .formatted(WIDTH, height, WIDTH / 2, title, content);
  }
}
