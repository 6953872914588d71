package dev.gambeson.config;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Rule;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Makes a profile of what the files say. Where they are wrong it reports that and goes on. */
final class ProfileReader {
  private final ResolvedProfile source;
  private final PodSecurity podSecurity;

  private ProfileReader(ResolvedProfile source, PodSecurity podSecurity) {
    this.source = source;
    this.podSecurity = podSecurity;
  }

  static Profile read(ResolvedProfile source) {
    var read = ProfileConfig.TYPE.read(source.tree(), FieldPath.ROOT, source);
    var profile = (ProfileConfig) Objects.requireNonNull(read);
    var reader = new ProfileReader(source, profile.podSecurity());
    return new Profile(
        source.name(),
        profile.podSecurity(),
        profile.workloads(),
        Set.copyOf(profile.skippable()),
        profile.rules().stream().map(reader::checked).toList());
  }

  /** The settings that count: without a check that does no more than Pod Security does. */
  private RuleSettings checked(RuleSettings settings) {
    var path = FieldPath.of(ProfileConfig.RULES, settings.rule().name());
    var check = settings.check();
    var enforceFrom = settings.enforceFrom();
    if (enforceFrom != null && check != CheckMode.WARN) {
      var at = path.field(RuleConfig.ENFORCE_FROM);
      if (source.saysItself(at)) {
        source.report(at, "only a check of warn can become enforce: write check: warn as well");
      }
      enforceFrom = null;
    }
    if (settings.rule() instanceof Rule.Check checking && !checking.checksOptions()) {
      var strongest = enforceFrom == null ? check : CheckMode.ENFORCE;
      refuseMilder(checking, path.field(RuleConfig.CHECK), check, strongest);
      if (checking.controls().stream().noneMatch(raisedTo(strongest))) {
        check = CheckMode.OFF;
        enforceFrom = null;
      }
    }
    return new RuleSettings(settings.rule(), settings.fix(), settings.except(), check, enforceFrom);
  }

  /** A rule's check may raise what Pod Security does with the rule's controls, never lower it. */
  private void refuseMilder(Rule.Check rule, FieldPath path, CheckMode check, CheckMode strongest) {
    var given = rule.controls().stream().map(podSecurity::mode).toList();
    if (given.stream().anyMatch(mode -> strongest.compareTo(mode) >= 0)
        || !source.saysItself(path)) {
      return;
    }
    source.report(
        path,
        ScalarType.spelt(check)
            + " is milder than what podSecurity does with this control ("
            + rule.controls().stream()
                .sorted()
                .map(level ->
                    ScalarType.spelt(level) + ": " + ScalarType.spelt(podSecurity.mode(level)))
                .collect(Collectors.joining(", "))
            + "): a check can only raise it. Leave it out; single workloads are let through by"
            + " exemptions, never by the check");
  }

  private Predicate<PodSecurityLevel> raisedTo(CheckMode check) {
    return level -> check.compareTo(podSecurity.mode(level)) > 0;
  }
}
