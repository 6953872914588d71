package dev.gambeson.report;

import static dev.gambeson.report.TextReport.counted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.review.Comparison;
import java.math.BigDecimal;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** What changes between two profiles, or two configurations. */
public final class ComparisonReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String API_VERSION = "review.gambeson.dev/v1alpha1";
  private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1L << 20);

  private ComparisonReport() {}

  /** For a person. */
  public static String text(Comparison comparison, int columns, Ansi ansi) {
    var layout = new TextLayout(columns, ansi);
    for (var change : comparison.changes()) {
      layout.paragraph(0, "", "bold", change.object());
      write(layout, "newly refused: ", "bold,red", change.newlyRefused());
      write(layout, "no longer refused: ", "green", change.noLongerRefused());
      if (!change.newlyFixed().isEmpty()) {
        layout.paragraph(2, "newly fixed: ", "yellow", String.join(", ", change.newlyFixed()));
      }
      if (!change.noLongerFixed().isEmpty()) {
        layout.paragraph(
            2, "no longer fixed: ", "yellow", String.join(", ", change.noLongerFixed()));
      }
      layout.blank();
    }
    for (var added : comparison.added()) {
      layout.paragraph(
          0,
          2,
          added.namespace() + " ",
          "bold",
          added.resource() + " " + amount(added) + " for all replicas");
      write(layout, "no room: ", "bold,red", added.exceeded());
    }
    layout.paragraph(
        0,
        "",
        "",
        "%s differ: %d newly refused, %d no longer refused"
            .formatted(
                counted(comparison.changes().size(), "object"),
                comparison.changes().stream()
                    .filter(change -> !change.newlyRefused().isEmpty())
                    .count(),
                comparison.changes().stream()
                    .filter(change -> !change.noLongerRefused().isEmpty())
                    .count()));
    return layout.toString();
  }

  private static void write(TextLayout layout, String label, String style, List<String> lines) {
    lines.forEach(line -> layout.paragraph(2, label, style, line));
  }

  private static String amount(Comparison.Added added) {
    var amount = added.amount();
    boolean isMebibytes =
        amount.abs().compareTo(MEBIBYTE) >= 0 && amount.remainder(MEBIBYTE).signum() == 0;
    return (amount.signum() > 0 ? "+" : "")
        + (isMebibytes
            ? amount.divideToIntegralValue(MEBIBYTE).toBigInteger() + "Mi"
            : amount.stripTrailingZeros().toPlainString());
  }

  /** For programs. */
  public static String json(Comparison comparison) {
    var report = MAPPER.createObjectNode();
    report.put("apiVersion", API_VERSION).put("kind", "ComparisonReport");
    var changes = report.putArray("changes");
    comparison.changes().forEach(change -> changes.add(MAPPER.<JsonNode>valueToTree(change)));
    var added = report.putArray("added");
    for (var each : comparison.added()) {
      var node = added.addObject();
      node.put("namespace", each.namespace());
      node.put("resource", each.resource());
      node.put("amount", each.amount().stripTrailingZeros().toPlainString());
      each.exceeded().forEach(node.putArray("exceeded")::add);
    }
    return report.toPrettyString() + "\n";
  }
}
