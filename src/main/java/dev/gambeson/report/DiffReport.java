package dev.gambeson.report;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.gambeson.review.Review;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** The fixes as a unified diff, which {@code patch -p0} applies. */
public record DiffReport(Ansi ansi) implements ReviewReport {
  private static final int LINES_AROUND = 3;

  @Override
  public String write(Review review) {
    var all = new StringBuilder();
    for (var file : review.files()) {
      var before = lines(file.text());
      var patch = DiffUtils.diff(before, lines(file.fixed()));
      UnifiedDiffUtils.generateUnifiedDiff(file.name(), file.name(), before, patch, LINES_AROUND)
          .forEach(line -> all.append(coloured(line)).append('\n'));
    }
    return all.toString();
  }

  private static List<String> lines(String text) {
    var lines = new ArrayList<>(List.of(text.split("\n", -1)));
    var last = lines.removeLast();
    if (!last.isEmpty()) {
      lines.add(last + "\n\\ No newline at end of file");
    }
    return lines;
  }

  private String coloured(String line) {
    if (!ansi.enabled() || line.startsWith("---") || line.startsWith("+++")) {
      return line;
    }
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> Ansi.Style.on(Ansi.Style.fg_green) + line + Ansi.Style.off(Ansi.Style.fg_green);
      case '-' -> Ansi.Style.on(Ansi.Style.fg_red) + line + Ansi.Style.off(Ansi.Style.fg_red);
      default -> line;
    };
  }
}
