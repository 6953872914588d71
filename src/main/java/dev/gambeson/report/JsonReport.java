package dev.gambeson.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.review.Review;
import java.util.Locale;

/** The verdicts for programs. */
public final class JsonReport implements ReviewReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public String write(Review review) {
    var report = MAPPER.createObjectNode();
    var reviews = report.putArray("reviews");
    for (var file : review.files()) {
      for (var item : file.objects()) {
        var verdict = item.review();
        var node = reviews.addObject();
        node.put("kind", verdict.kind());
        node.put("namespace", verdict.namespace());
        node.put("name", verdict.name());
        var fixed = node.putArray("fixed");
        for (var fix : verdict.fixed()) {
          for (var path : fix.paths()) {
            fixed
                .addObject()
                .put("rule", fix.rule())
                .put("path", path.under(item.place()).toString());
          }
        }
        var violations = node.putArray("violations");
        for (var finding : verdict.findings()) {
          var violation = finding.violation();
          var remedy = verdict.remedy(finding);
          var written =
              violations
                  .addObject()
                  .put("rule", violation.rule())
                  .put("mode", finding.mode().name().toLowerCase(Locale.ROOT))
                  .put("path", item.path(violation).toString())
                  .put("container", violation.container())
                  .put("message", finding.message(item.pod()))
                  .put("fix", remedy.isEmpty() ? null : remedy);
          if (verdict.filledInLaterBy(finding).isPresent()) {
            written.put("mayBeFilledIn", true);
          }
        }
        node.put("allowed", verdict.allowed());
      }
    }
    return report.toPrettyString() + "\n";
  }
}
