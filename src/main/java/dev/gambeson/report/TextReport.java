package dev.gambeson.report;

import dev.gambeson.review.Review;
import dev.gambeson.review.Verdict;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/**
 * What a person reads: of each object whether it is refused, what to change and what is filled in;
 * then why, and the sums.
 *
 * @param columns how wide the lines may be
 * @param detail how much is told
 */
public record TextReport(int columns, Detail detail, Ansi ansi) implements ReviewReport {

  /** How much is told. */
  public enum Detail {
    /** What is refused. */
    QUIET,
    /** What is refused, warned of, fixed and exempted. */
    NORMAL,
    /** What is only audited as well, and values of any length. */
    VERBOSE
  }

  @Override
  public String write(Review review) {
    var layout = new TextLayout(columns, ansi);
    var text = new ObjectText(layout, detail);
    var rules = new LinkedHashSet<String>();
    for (var file : review.files()) {
      for (var document : file.documents()) {
        for (var object : document.objects()) {
          if (detail != Detail.QUIET || object.verdict() == Verdict.REFUSED) {
            rules.addAll(text.write(file.name(), document, object));
            layout.blank();
          }
        }
      }
    }
    writeWhy(rules, layout);
    writePassedOver(review, layout);
    layout.paragraph(0, "", "", summary(review));
    return layout.toString();
  }

  private static void writeWhy(Set<String> rules, TextLayout layout) {
    int longest = rules.stream().mapToInt(String::length).max().orElse(0);
    if (rules.isEmpty()) {
      return;
    }
    layout.paragraph(0, "", "", "Why (gambeson rules NAME tells more):");
    for (var rule : Rules.all()) {
      if (rules.contains(rule.name())) {
        layout.paragraph(
            2,
            rule.name() + " ".repeat(longest + 2 - rule.name().length()),
            "bold",
            RuleDescription.summaryOf(rule));
      }
    }
    layout.blank();
  }

  /** Those that describe no pod are counted, and named where all is told. */
  private void writePassedOver(Review review, TextLayout layout) {
    if (detail == Detail.QUIET || review.passedOver().isEmpty()) {
      return;
    }
    layout.paragraph(0, "", "", "Passed over: " + review.passedOver());
    if (detail == Detail.VERBOSE) {
      for (var file : review.files()) {
        for (var document : file.documents()) {
          for (var object : document.passedOver()) {
            var place = document.place(file.name(), object.path());
            layout.paragraph(2, "", "", place + ": " + object.kind() + " " + object.name());
          }
        }
      }
    }
  }

  private static String summary(Review review) {
    long objects = review.objects().count();
    long warnings = review.count(CheckMode.WARN);
    return "%s with a pod: %d refused, %d changed, %d unchanged; %s"
        .formatted(
            counted(objects, "object"),
            review.count(Verdict.REFUSED),
            review.count(Verdict.CHANGED),
            review.count(Verdict.UNCHANGED),
            counted(warnings, "warning"));
  }

  static String counted(long count, String one) {
    return counted(count, one, one + "s");
  }

  static String counted(long count, String one, String several) {
    return count + " " + (count == 1 ? one : several);
  }
}
