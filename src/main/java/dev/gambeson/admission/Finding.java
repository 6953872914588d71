package dev.gambeson.admission;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Violation;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A violation and what the profile makes of it.
 *
 * @param mode never {@code OFF} in a verdict
 * @param enforceFrom the day from which on it is enforced, where it is only warned of until then
 * @param expired which exemption would have let it pass, had it not expired; empty where none
 */
public record Finding(
    Violation violation, CheckMode mode, @Nullable LocalDate enforceFrom, String expired) {

  /** Whether the pod is denied for it. */
  public boolean isEnforced() {
    return mode == CheckMode.ENFORCE;
  }

  /** The violation in one line, with the day from which on it is enforced. */
  public String message(FieldPath prefix) {
    return violation.message(
        prefix, enforceFrom == null ? "" : "enforced from " + enforceFrom, expired);
  }

  /** The same of another violation. */
  Finding of(Violation other) {
    return of(other, expired);
  }

  /** The same of another violation, which an expired exemption would have let pass. */
  Finding of(Violation other, String otherExpired) {
    return new Finding(other, mode, enforceFrom, otherExpired);
  }

  /** The same, no stricter than that. */
  Finding atMost(CheckMode limit) {
    return mode.compareTo(limit) <= 0 ? this : new Finding(violation, limit, null, expired);
  }

  /** Tells the audit log what breaks each rule, and in which mode. */
  static void audit(List<Finding> findings, FieldPath prefix, AuditAnnotations annotations) {
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
  Finding stricter(Finding other) {
    return mode.compareTo(other.mode) >= 0 ? this : other;
  }
}
