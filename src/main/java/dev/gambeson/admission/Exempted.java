package dev.gambeson.admission;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Violation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A violation that an exemption lets pass, if only in part.
 *
 * @param grounds who approved it and why, of each exemption that was used; at least one
 * @param warnings which of those end soon
 */
public record Exempted(Violation violation, List<String> grounds, List<String> warnings) {
  public Exempted {
    grounds = List.copyOf(grounds);
    warnings = List.copyOf(warnings);
  }

  private String rule() {
    return violation.rule();
  }

  /** The rules, one for each. */
  static List<String> rules(List<Exempted> exempted) {
    return exempted.stream().map(Exempted::rule).toList();
  }

  /** What the audit log is told: one key for each rule, with the exemptions that were used. */
  static Map<String, String> annotations(List<Exempted> exempted) {
    return exempted.stream()
        .collect(
            Collectors.groupingBy(
                each -> "exempted." + each.rule(),
                TreeMap::new,
                Collectors.flatMapping(
                    each -> each.grounds().stream(),
                    Collectors.collectingAndThen(
                        Collectors.toCollection(LinkedHashSet::new),
                        grounds -> String.join("; ", grounds)))));
  }

  /** The warnings, each with the name of the rule. */
  public List<String> warningLines() {
    return warnings.stream().map(warning -> "[" + rule() + "] " + warning).toList();
  }

  /** The violation in one line, with who approved it and why. */
  public String message(FieldPath prefix) {
    return violation.message(prefix) + " (" + String.join("; ", grounds) + ")";
  }
}
