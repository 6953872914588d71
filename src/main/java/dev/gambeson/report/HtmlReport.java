package dev.gambeson.report;

import dev.gambeson.review.Review;
import dev.gambeson.review.Verdict;
import dev.gambeson.verdict.CheckMode;
import java.time.Instant;
import java.util.Map;

/**
 * The verdicts as one page of HTML that needs nothing but itself: totals, charts, and a list to
 * search, filter and sort.
 *
 * @param made when
 */
public record HtmlReport(Instant made) implements ReviewReport {
  @Override
  public String write(Review review) {
    var style = Page.resource("base.css") + Page.resource("report.css");
    var script = Page.resource("report.js");
    return Page.fill(
        Page.resource("report.html"),
        Map.ofEntries(
            Map.entry("style", style),
            Map.entry("style-hash", Page.hash(style)),
            Map.entry("script", script),
            Map.entry("script-hash", Page.hash(script)),
            Map.entry("made", Page.minute(made)),
            Map.entry("objects", "" + review.objects().count()),
            Map.entry("refused", "" + review.count(Verdict.REFUSED)),
            Map.entry("changed", "" + review.count(Verdict.CHANGED)),
            Map.entry("unchanged", "" + review.count(Verdict.UNCHANGED)),
            Map.entry("warnings", "" + review.count(CheckMode.WARN)),
            Map.entry("data", Page.script(JsonReport.tree(review).toString()))));
  }
}
