package dev.gambeson.report;

import static dev.gambeson.report.TextReport.counted;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.review.AddedResources;
import dev.gambeson.review.Comparison;
import dev.gambeson.review.FixedField;
import dev.gambeson.review.ObjectChange;
import java.math.BigDecimal;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** What changes between two profiles, or two configurations. */
public final class ComparisonReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1L << 20);

  private ComparisonReport() {}

  /** For a person. */
  public static String text(Comparison comparison, int columns, Ansi ansi) {
    var layout = new TextLayout(columns, ansi);
    for (var change : comparison.changes()) {
      layout.paragraph(0, "", "bold", change.object());
      write(layout, "newly refused: ", "bold,red", change.newlyRefused());
      write(layout, "no longer refused: ", "green", change.noLongerRefused());
      write(layout, "newly fixed: ", change.newlyFixed());
      write(layout, "fixed otherwise: ", change.fixedOtherwise());
      write(layout, "no longer fixed: ", change.noLongerFixed());
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
        "%s: %d newly refused, %d no longer refused"
            .formatted(
                counted(comparison.changes().size(), "object differs", "objects differ"),
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

  private static void write(TextLayout layout, String label, List<String> rules) {
    if (!rules.isEmpty()) {
      layout.paragraph(2, label, "yellow", String.join(", ", rules));
    }
  }

  private static String amount(AddedResources added) {
    var amount = added.amount();
    boolean isMebibytes =
        amount.abs().compareTo(MEBIBYTE) >= 0 && amount.remainder(MEBIBYTE).signum() == 0;
    return (amount.signum() > 0 ? "+" : "")
        + (isMebibytes
            ? amount.divideToIntegralValue(MEBIBYTE).toBigInteger() + "Mi"
            : amount.stripTrailingZeros().toPlainString());
  }

  /**
   * For programs; {@code docs/comparison.schema.json} describes it.
   *
   * @param problems what could not be read
   */
  public static String json(Comparison comparison, List<String> problems, List<String> remarks) {
    var report = MAPPER.createObjectNode();
    report.put("apiVersion", JsonReport.API_VERSION).put("kind", "ComparisonReport");
    var changes = report.putArray("changes");
    comparison.changes().forEach(change -> write(change, changes.addObject()));
    var added = report.putArray("added");
    for (var each : comparison.added()) {
      var node = added.addObject();
      node.put("namespace", each.namespace());
      node.put("resource", each.resource());
      node.put("amount", each.amount().stripTrailingZeros().toPlainString());
      each.exceeded().forEach(node.putArray("exceeded")::add);
    }
    var allProblems = report.putArray("problems");
    problems.forEach(allProblems::add);
    comparison.problems().forEach(allProblems::add);
    remarks.forEach(report.putArray("remarks")::add);
    return report.toPrettyString() + "\n";
  }

  private static void write(ObjectChange change, ObjectNode node) {
    node.put("object", change.object());
    change.newlyFixed().forEach(node.putArray("newlyFixed")::add);
    change.noLongerFixed().forEach(node.putArray("noLongerFixed")::add);
    change.fixedOtherwise().forEach(node.putArray("fixedOtherwise")::add);
    change.newlyRefused().forEach(node.putArray("newlyRefused")::add);
    change.noLongerRefused().forEach(node.putArray("noLongerRefused")::add);
    var fields = node.putArray("fields");
    for (FixedField field : change.fields()) {
      var written = fields.addObject();
      written.put("rule", field.rule()).put("path", field.path());
      written.set("before", field.before());
      written.set("after", field.after());
      written.put("risk", field.risk().toString());
    }
  }
}
