package dev.gambeson.verdict;

import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;

/**
 * How a profile treats the controls of the Pod Security Standards.
 *
 * @param enforce controls up to this level deny the pod
 * @param warn controls up to this level are warned of
 * @param audit controls up to this level are counted and written to the audit log
 * @param version the Kubernetes minor version whose controls apply
 */
public record PodSecurity(
    @Doc("Controls up to this level deny the pod.") PodSecurityLevel enforce,
    @Doc("Controls up to this level are warned of.") PodSecurityLevel warn,
    @Doc("Controls up to this level are counted and written to the audit log.")
        PodSecurityLevel audit,
    @Doc("The Kubernetes minor version whose controls apply: `v1.36` for example, or `latest`.")
        PodSecurityVersion version) {

  /** The strictest mode that applies to a control of that level. */
  public CheckMode mode(PodSecurityLevel control) {
    if (control.compareTo(enforce) <= 0) {
      return CheckMode.ENFORCE;
    }
    if (control.compareTo(warn) <= 0) {
      return CheckMode.WARN;
    }
    return control.compareTo(audit) <= 0 ? CheckMode.AUDIT : CheckMode.OFF;
  }
}
