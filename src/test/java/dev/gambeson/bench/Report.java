package dev.gambeson.bench;

import static dev.gambeson.bench.Series.figure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The results of {@code bench/run} as Markdown tables. */
final class Report {
  /** Twice the pod may cost that many times as much: what is constant makes it less than 2. */
  private static final double LINEAR = 2.2;

  private final List<Series> all;

  Report(List<Series> all) {
    this.all = all;
  }

  /**
   * Prints the tables, or writes them.
   *
   * @param arguments the results; then, to write them, the page and when and where they were made
   */
  public static void main(String[] arguments) throws IOException {
    var all = Series.read(Files.readAllLines(Path.of(arguments[0])));
    var report = new Report(all);
    for (var row : all.stream().map(Series::row).distinct().toList()) {
      var table = report.table(row);
      System.out.printf("%n%s%n%n%s", row, table);
      if (arguments.length > 1) {
        var page = Path.of(arguments[1]);
        var text = arguments[2] + "\n\n" + table + report.plot(row, page);
        Files.writeString(page, replaced(Files.readString(page), row, text));
      }
    }
  }

  /** The page with another text between the markers of a row. */
  static String replaced(String page, String row, String text) {
    var begin = "<!-- begin " + row + " -->\n";
    var end = "<!-- end " + row + " -->";
    var block = Pattern.compile(Pattern.quote(begin) + ".*?" + Pattern.quote(end), Pattern.DOTALL);
    if (!block.matcher(page).find()) {
      throw new IllegalArgumentException("the page has no " + begin.strip());
    }
    return block
        .matcher(page)
        .replaceFirst(Matcher.quoteReplacement(begin + "\n" + text + "\n" + end));
  }

  String table(String row) {
    return row.equals("growth") ? growth() : goals(row) + figures(row);
  }

  private String goals(String row) {
    var lines = new ArrayList<String>();
    for (var goal : Goal.ALL) {
      for (var series : ofGambeson(row)) {
        if (goal.row().equals(row)
            && goal.load().equals(series.load())
            && goal.metric().equals(series.metric())) {
          lines.add(line(goal, series));
        }
      }
    }
    return lines.isEmpty()
        ? ""
        : """
        | load | figure | goal | floor | reached | |
        | --- | --- | --- | --- | --- | --- |
        %s

        """
            .formatted(String.join("\n", lines));
  }

  private String line(Goal goal, Series series) {
    double value = series.median();
    var figure = goal.metric();
    if (!goal.against().isEmpty()) {
      value /= Series.ofAllServers(all, series).get(goal.against()).median();
      figure += " by those of " + goal.against();
    }
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            series.load(),
            figure,
            figure(goal.goal()),
            figure(goal.floor()),
            figure(value),
            goal.verdict(value));
  }

  private String figures(String row) {
    var others =
        ofRow(row).stream()
            .map(Series::server)
            .distinct()
            .filter(server -> !server.equals("gambeson"))
            .toList();
    var text = new StringBuilder("| load | server | figure | median | least | most |");
    others.forEach(other -> text.append(" by ").append(other).append(" |"));
    text.append("\n| --- | --- | --- | --- | --- | --- |")
        .append(" --- |".repeat(others.size()))
        .append('\n');
    for (var series : ofRow(row)) {
      text.append(
          "| %s | %s | %s | %s | %s | %s |"
              .formatted(
                  series.load(),
                  series.server(),
                  series.metric(),
                  figure(series.median()),
                  figure(series.least()),
                  figure(series.most())));
      for (var other : others) {
        var base = Series.ofAllServers(all, series).get(other);
        text.append(base == null ? " " : " " + figure(series.median() / base.median()))
            .append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Each size is twice the one before. */
  private String growth() {
    var text =
        new StringBuilder(
            """
            | what | figure | sizes | values | twice the size, at most | |
            | --- | --- | --- | --- | --- | --- |
            """);
    for (var series : ofGambeson("growth")) {
      double steepest = 0;
      for (int i = 1; i < series.values().size(); i++) {
        steepest = Math.max(steepest, series.values().get(i) / series.values().get(i - 1));
      }
      text.append(
          "| %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  series.load(),
                  series.metric(),
                  String.join(" · ", series.rounds().stream().map(String::valueOf).toList()),
                  String.join(" · ", series.values().stream().map(Series::figure).toList()),
                  figure(steepest),
                  steepest <= LINEAR ? "linear" : "steeper"));
    }
    return text.toString();
  }

  /** A link to the plot of a row that has one. */
  private String plot(String row, Path page) throws IOException {
    var plot =
        switch (row) {
          case "throughput" -> Plot.bars("Reviews a second, one core", "reviews/s", ofRow(row));
          case "growth" -> Plot.lines("Kilobytes allocated for both verdicts", "KB", ofRow(row));
          default -> "";
        };
    if (plot.isEmpty()) {
      return "";
    }
    var folder = Files.createDirectories(page.resolveSibling("performance"));
    Files.writeString(folder.resolve(row + ".svg"), plot);
    return "\n![%s](performance/%s.svg)\n".formatted(row, row);
  }

  private List<Series> ofRow(String row) {
    return all.stream().filter(series -> series.row().equals(row)).toList();
  }

  private List<Series> ofGambeson(String row) {
    return ofRow(row).stream().filter(series -> series.server().equals("gambeson")).toList();
  }
}
