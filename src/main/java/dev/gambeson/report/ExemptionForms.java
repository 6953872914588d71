package dev.gambeson.report;

import dev.gambeson.config.ConfigurationWriter;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.Review;
import dev.gambeson.review.ReviewedFile;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Exemptions to fill in, each once, that would let pass what is enforced: a piece of configuration
 * whose comments say what they are for, and what none lets pass.
 *
 * @param namespaceIsGiven whether an object that names no namespace has one all the same
 */
public record ExemptionForms(boolean namespaceIsGiven) implements ReviewReport {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  @Override
  public String write(Review review) {
    Map<Exemption, List<String>> forms = new LinkedHashMap<>();
    var remainder = new ArrayList<String>();
    for (var file : review.files()) {
      for (var item : file.objects()) {
        var proposal = item.proposal();
        if (proposal == null || item.review().allowed()) {
          continue;
        }
        if (!isInNamespace(item)) {
          remainder.add(
              title(file, item.review().kind() + " " + item.review().name())
                  + " an exemption needs its namespace: give --namespace NS");
          continue;
        }
        proposal
            .exemptions()
            .forEach((exemption, findings) ->
                forms
                    .computeIfAbsent(exemption, key -> new ArrayList<>())
                    .addAll(lines(file, item, findings)));
        if (!proposal.remainder().isEmpty()) {
          remainder.addAll(lines(file, item, proposal.remainder()));
          remainder.add("  no exemption lets this pass: fix it");
        }
      }
    }
    var blocks = new ArrayList<String>();
    forms.forEach((exemption, lines) -> blocks.add(form(exemption, lines)));
    if (!remainder.isEmpty()) {
      blocks.add(comment(remainder));
    }
    return blocks.isEmpty()
        ? comment(List.of("Nothing that is enforced is broken: no exemption is needed."))
        : String.join("\n", blocks);
  }

  /** Globs are not for the author of a manifest to write. */
  private boolean isInNamespace(JudgedObject item) {
    var review = item.review();
    return (namespaceIsGiven
            || !review.object().path("metadata").path("namespace").asText("").isEmpty())
        && NAMESPACE.matcher(review.namespace()).matches();
  }

  private static String form(Exemption exemption, List<String> lines) {
    var all = new ArrayList<>(lines);
    if (exemption.pods() == null) {
      all.add("  for every pod of the namespace: there is no label to choose these by");
    }
    return comment(all) + ConfigurationWriter.form(exemption);
  }

  private static List<String> lines(ReviewedFile file, JudgedObject item, List<Finding> findings) {
    var lines = new ArrayList<String>();
    lines.add(title(file, item.title()));
    findings.forEach(finding -> lines.add("  " + finding.message(item.pod())));
    return lines;
  }

  private static String title(ReviewedFile file, String object) {
    return file.name() + ": " + object + ":";
  }

  private static String comment(List<String> lines) {
    return String.join(
        "", lines.stream().map(line -> "# " + Violation.clean(line) + "\n").toList());
  }
}
