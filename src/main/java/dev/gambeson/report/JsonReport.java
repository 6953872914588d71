package dev.gambeson.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.review.Review;
import dev.gambeson.review.Verdict;
import dev.gambeson.verdict.CheckMode;
import java.util.LinkedHashMap;

/** The verdicts for programs; {@code docs/review.schema.json} describes them. */
public final class JsonReport implements ReviewReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  static final String API_VERSION = "review.gambeson.dev/v1alpha1";

  @Override
  public String write(Review review) {
    return tree(review).toPrettyString() + "\n";
  }

  static ObjectNode tree(Review review) {
    var report = MAPPER.createObjectNode();
    report.put("apiVersion", API_VERSION).put("kind", "ReviewReport");
    report
        .putObject("summary")
        .put("objects", review.objects().count())
        .put("refused", review.count(Verdict.REFUSED))
        .put("changed", review.count(Verdict.CHANGED))
        .put("unchanged", review.count(Verdict.UNCHANGED))
        .put("violations", review.count(CheckMode.ENFORCE))
        .put("warnings", review.count(CheckMode.WARN));
    var reviews = report.putArray("reviews");
    for (var file : review.files()) {
      for (var document : file.documents()) {
        for (var object : document.objects()) {
          new ObjectJson(object, document).write(file.name(), reviews.addObject());
        }
      }
    }
    writePassedOver(review, report.putArray("passedOver"));
    review.problems().forEach(report.putArray("problems")::add);
    review.remarks().forEach(report.putArray("remarks")::add);
    return report;
  }

  private static void writePassedOver(Review review, ArrayNode all) {
    record Kind(String apiVersion, String kind) {}
    var counts = new LinkedHashMap<Kind, Integer>();
    for (var file : review.files()) {
      for (var document : file.documents()) {
        for (var object : document.passedOver()) {
          counts.merge(new Kind(object.apiVersion(), object.kind()), 1, Integer::sum);
        }
      }
    }
    counts.forEach((kind, count) ->
        all.addObject()
            .put("apiVersion", kind.apiVersion())
            .put("kind", kind.kind())
            .put("count", count));
  }
}
