package dev.gambeson.admission;

import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Scope;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Profile;
import java.time.Instant;

/**
 * Everything that a verdict depends on, apart from the pod itself.
 *
 * @param choice the profile of the namespace
 * @param object what is created or changed
 * @param template where in the object its pod is
 * @param enforce false turns what would be enforced into warnings
 * @param now the moment of the verdict
 */
record AdmissionContext(
    Configuration.Choice choice,
    Route route,
    AdmissionRequest request,
    ReviewedObject object,
    PodTemplate template,
    boolean enforce,
    Instant now) {

  Profile profile() {
    return choice.profile();
  }

  /** What the rules may know about a pod that the requester creates. */
  Scope scope(Requester requester) {
    return choice.scope(request.namespace(), route.level(), requester, now);
  }

  Decision.Verdict pass() {
    return Decision.pass(choice);
  }
}
