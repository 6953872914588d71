package dev.gambeson.verdict;

import dev.gambeson.rule.Grounds;
import java.util.List;

/**
 * A fix that an exemption keeps from a pod, or from a container of it.
 *
 * @param fix what it would have done
 * @param grounds who approved it and why, of each exemption that was used; at least one
 * @param warnings which of those end soon
 */
public record ExemptedFix(FixResult fix, List<Grounds> grounds, List<String> warnings) {
  public ExemptedFix {
    grounds = List.copyOf(grounds);
    warnings = List.copyOf(warnings);
  }

  /** The warnings, each with the name of the rule. */
  public List<String> warningLines() {
    return new FixResult(fix.rule(), List.of(), warnings).messages();
  }
}
