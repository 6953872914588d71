package dev.gambeson.config;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a profile puts into pods and then, once its other fixes are in, refuses them for:
 * nobody who writes such a pod could fix it. Minimal pods are judged with each part and without it.
 */
final class RefusedInjections {
  /** Every {@code enforceFrom} has come. */
  private static final Instant IN_THE_END = Instant.parse("9999-12-31T00:00:00Z");

  /** So long is the path of a container. */
  private static final int IN_A_CONTAINER = 3;

  /** With them a part can take the best quality of service away, without them fill up a node. */
  private static final Map<String, Quantity> AMOUNTS =
      Map.of(
          "cpu", new Quantity("1m"),
          "memory", new Quantity("1Mi"),
          "ephemeral-storage", new Quantity("1Mi"));

  private final Profile profile;

  private RefusedInjections(Profile profile) {
    this.profile = profile;
  }

  /**
   * Reports each part with what it is refused for.
   *
   * @param exemptions what is refused is not reported where one may let it pass
   */
  static void report(
      Profile profile, List<Exemption> exemptions, ResolvedProfile source, Problems problems) {
    var search = new RefusedInjections(profile);
    for (var settings : profile.rules()) {
      if (settings.fix() == FixMode.APPLY) {
        var rule = FieldPath.of(ProfileConfig.RULES, settings.rule().name());
        settings
            .injections()
            .forEach((place, alone) ->
                search.refused(settings, alone).stream()
                    .filter(violation ->
                        exemptions.stream()
                            .noneMatch(each -> each.rules().contains(violation.rule())))
                    .forEach(violation ->
                        source.report(
                            problems,
                            List.of(
                                place.under(rule),
                                FieldPath.of(ProfileConfig.RULES, violation.rule())),
                            message(settings, violation))));
      }
    }
  }

  private static String message(RuleSettings settings, Violation violation) {
    return "the profile itself refuses pods that get it from "
        + settings.rule().name()
        + ": "
        + violation.message(FieldPath.ROOT)
        + ". Fix it, write an exemption from "
        + violation.rule()
        + ", or null for it in this profile";
  }

  /** What a minimal pod with the part is refused for, and without the rule's fix is not. */
  private List<Violation> refused(RuleSettings settings, RuleSettings alone) {
    return Stream.of(Map.<String, Quantity>of(), AMOUNTS)
        .flatMap(amounts -> {
          var without =
              violations(settings.withFix(FixMode.OFF), amounts).stream()
                  .map(Fault::of)
                  .collect(Collectors.toSet());
          return violations(alone, amounts).stream()
              .filter(violation -> !without.contains(Fault.of(violation)));
        })
        .distinct()
        .toList();
  }

  private List<Violation> violations(RuleSettings settings, Map<String, Quantity> amounts) {
    var rules =
        profile.rules().stream()
            .map(each -> each.rule().name().equals(settings.rule().name()) ? settings : each);
    var only =
        new Profile(
            profile.name(),
            profile.podSecurity(),
            profile.workloads(),
            profile.skippable(),
            rules.toList());
    var scope = only.scope("", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN);
    var patch = new PodPatch(pod(amounts));
    only.fix(FixMode.APPLY, patch, scope, Set.of());
    PodDefaults.apply(patch.pod());
    return only.check(patch.pod(), scope, IN_THE_END).findings().stream()
        .filter(Finding::isEnforced)
        .map(Finding::violation)
        .toList();
  }

  /** What breaks a rule where, in the terms of a pod in which elements may have moved. */
  private record Fault(String rule, @Nullable String container, List<Object> field) {
    static Fault of(Violation violation) {
      var segments = violation.path().segments();
      return new Fault(
          violation.rule(),
          violation.container(),
          violation.container() == null || segments.size() < IN_A_CONTAINER
              ? segments
              : segments.subList(IN_A_CONTAINER, segments.size()));
    }
  }

  /**
   * One whose container has a name that no sidecar can have.
   *
   * @param amounts its requests and limits
   */
  private static Pod pod(Map<String, Quantity> amounts) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withAutomountServiceAccountToken(false)
            .addNewContainer()
            .withName("-")
            .withNewResources()
            .withRequests(amounts)
            .withLimits(amounts)
            .endResources()
            .endContainer()
            .endSpec()
            .build();
    PodDefaults.apply(pod);
    return pod;
  }
}
