package dev.gambeson.verdict;

import dev.gambeson.rule.Grounds;
import dev.gambeson.rule.Violation;
import java.util.List;

/**
 * A violation that an exemption lets pass, if only in part.
 *
 * @param grounds who approved it and why, of each exemption that was used; at least one
 * @param warnings which of those end soon
 */
public record Exempted(Violation violation, List<Grounds> grounds, List<String> warnings) {
  public Exempted {
    grounds = List.copyOf(grounds);
    warnings = List.copyOf(warnings);
  }

  private String rule() {
    return violation.rule();
  }

  /** The rules, one for each. */
  public static List<String> rules(List<Exempted> exempted) {
    return exempted.stream().map(Exempted::rule).toList();
  }

  /** Tells the audit log which exemptions were used from each rule. */
  public static void audit(List<Exempted> exempted, AuditAnnotations annotations) {
    if (exempted.isEmpty()) {
      return;
    }
    record Use(String rule, Grounds ground) {}
    exempted.stream()
        .flatMap(each -> each.grounds().stream().map(ground -> new Use(each.rule(), ground)))
        .distinct()
        .forEach(
            use -> annotations.add("exempted." + use.rule(), "; ", () -> use.ground().toString()));
  }

  /** The warnings, each with the name of the rule. */
  public List<String> warningLines() {
    return warnings.stream().map(warning -> "[" + rule() + "] " + warning).toList();
  }
}
