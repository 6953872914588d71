package dev.gambeson.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.review.ReviewedFile;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** The verdicts for programs. */
public final class JsonReport implements ReviewReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public String write(List<ReviewedFile> files, Ansi ansi) {
    var report = MAPPER.createObjectNode();
    var reviews = report.putArray("reviews");
    for (var file : files) {
      for (var item : file.objects()) {
        var review = item.review();
        var node = reviews.addObject();
        node.put("kind", review.kind());
        node.put("namespace", review.namespace());
        node.put("name", review.name());
        var fixed = node.putArray("fixed");
        for (var fix : review.fixed()) {
          for (var path : fix.paths()) {
            fixed
                .addObject()
                .put("rule", fix.rule())
                .put("path", path.under(item.place()).toString());
          }
        }
        var violations = node.putArray("violations");
        for (var finding : review.findings()) {
          var violation = finding.violation();
          var remedy = review.remedy(finding);
          var written =
              violations
                  .addObject()
                  .put("rule", violation.rule())
                  .put("mode", finding.mode().name().toLowerCase(Locale.ROOT))
                  .put("path", item.path(violation).toString())
                  .put("container", violation.container())
                  .put("message", finding.message(item.pod()))
                  .put("fix", remedy.isEmpty() ? null : remedy);
          if (review.filledInLaterBy(finding).isPresent()) {
            written.put("mayBeFilledIn", true);
          }
        }
        node.put("allowed", review.allowed());
      }
    }
    return report.toPrettyString() + "\n";
  }
}
