package dev.gambeson.config;

import dev.gambeson.admission.Exemption;
import dev.gambeson.admission.Finding;
import dev.gambeson.admission.FixMode;
import dev.gambeson.admission.Profile;
import dev.gambeson.admission.RuleSettings;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rules.PodSecurityLevel;
import dev.gambeson.rules.Requester;
import dev.gambeson.rules.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Finds what a profile would put into pods and then, once its other fixes are in, refuse them for:
 * nobody who writes such a pod could mend it.
 */
final class RefusedParts {
  /** Every {@code enforceFrom} has come: a configuration does not become bad on a day. */
  private static final Instant IN_THE_END = Instant.parse("9999-12-31T00:00:00Z");

  private final Profile profile;
  private final List<Exemption> exemptions;

  private RefusedParts(Profile profile, List<Exemption> exemptions) {
    this.profile = profile;
    this.exemptions = exemptions;
  }

  static void report(Profile profile, List<Exemption> exemptions, Reporter problems) {
    var search = new RefusedParts(profile, exemptions);
    for (var settings : profile.rules()) {
      if (settings.fix() == FixMode.APPLY) {
        var rule = FieldPath.of(ProfileLayer.RULES, settings.rule().name());
        settings
            .parts()
            .forEach((place, alone) ->
                search
                    .violations(alone)
                    .forEach(violation -> problems.report(place.under(rule), message(violation))));
      }
    }
  }

  private static String message(Violation violation) {
    return "the profile itself refuses pods that get it: "
        + violation.message(FieldPath.ROOT)
        + ". Mend it, write an exemption from "
        + violation.rule()
        + ", or null for it in this profile";
  }

  /** What is refused in the part; not where an exemption may let it pass. */
  private List<Violation> violations(RuleSettings<?> alone) {
    var others =
        profile.rules().stream()
            .<RuleSettings<?>>map(each -> each.rule().equals(alone.rule()) ? alone : each);
    var only =
        new Profile(
            profile.name(),
            profile.podSecurity(),
            profile.workloads(),
            profile.skippable(),
            others.toList());
    var scope = only.scope("", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
    var patch = new PodPatch(pod());
    var put =
        only.fix(FixMode.APPLY, patch, scope, Set.of()).stream()
            .filter(fixed -> fixed.rule().equals(alone.rule().name()))
            .flatMap(fixed -> fixed.paths().stream())
            .toList();
    PodDefaults.apply(patch.pod());
    return only.check(patch.pod(), scope, IN_THE_END).stream()
        .filter(Finding::isEnforced)
        .map(Finding::violation)
        .filter(violation -> put.stream().anyMatch(violation.path()::isWithin))
        .filter(violation ->
            exemptions.stream().noneMatch(each -> each.rules().contains(violation.rule())))
        .toList();
  }

  /** One whose container has a name that no sidecar can have. */
  private static Pod pod() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withAutomountServiceAccountToken(false)
            .addNewContainer()
            .withName("-")
            .endContainer()
            .endSpec()
            .build();
    PodDefaults.apply(pod);
    return pod;
  }
}
