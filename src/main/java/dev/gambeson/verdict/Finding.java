package dev.gambeson.verdict;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A violation and what the profile makes of it.
 *
 * @param mode never {@code OFF} in a verdict
 * @param enforceFrom the day from which on it is enforced, where it is only warned of until then
 * @param remark what else is to be said of it: which exemption would have let it pass, had it not
 *     expired, or why the rule's fix leaves the pod alone; empty where nothing is
 */
public record Finding(
    Violation violation, CheckMode mode, @Nullable LocalDate enforceFrom, String remark) {

  /** Whether the pod is denied for it. */
  public boolean isEnforced() {
    return mode == CheckMode.ENFORCE;
  }

  /** The violation in one line, with the day from which on it is enforced. */
  public String message(FieldPath prefix) {
    return violation.message(
        prefix, enforceFrom == null ? "" : "enforced from " + enforceFrom, remark);
  }

  /** The same of another violation. */
  public Finding of(Violation other) {
    return of(other, remark);
  }

  /** The same of another violation, with another remark. */
  public Finding of(Violation other, String otherRemark) {
    return new Finding(other, mode, enforceFrom, otherRemark);
  }

  /** The same, no stricter than that. */
  public Finding atMost(CheckMode limit) {
    return mode.compareTo(limit) <= 0 ? this : new Finding(violation, limit, null, remark);
  }

  /** Tells the audit log what breaks each rule, and in which mode. */
  public static void audit(List<Finding> findings, FieldPath prefix, AuditAnnotations annotations) {
    for (var finding : findings) {
      annotations.add(
          "violated." + finding.violation().rule(),
          "; ",
          () ->
              finding.mode().name().toLowerCase(Locale.ROOT)
                  + ": "
                  + finding.violation().message(prefix));
    }
  }

  /** The one with the stricter mode, this one where they are alike. */
  public Finding stricter(Finding other) {
    return mode.compareTo(other.mode) >= 0 ? this : other;
  }
}
