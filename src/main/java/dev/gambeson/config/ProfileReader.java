package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Makes a profile of what the files say. Where they are wrong it reports that and goes on. */
final class ProfileReader {
  static final PodSecurity NOTHING =
      new PodSecurity(
          PodSecurityLevel.PRIVILEGED,
          PodSecurityLevel.PRIVILEGED,
          PodSecurityLevel.PRIVILEGED,
          PodSecurityVersion.LATEST);

  private final ResolvedProfile source;
  private final PodSecurity podSecurity;

  private ProfileReader(ResolvedProfile source) {
    this.source = source;
    this.podSecurity = podSecurity();
  }

  static Profile read(ResolvedProfile source) {
    var reader = new ProfileReader(source);
    return new Profile(
        source.name(), reader.podSecurity, reader.workloads(), reader.skippable(), reader.rules());
  }

  private PodSecurity podSecurity() {
    var path = FieldPath.of(ProfileLayer.POD_SECURITY);
    var written = source.tree().get(ProfileLayer.POD_SECURITY);
    var read =
        written == null
            ? NOTHING
            : new RecordType(PodSecurity.class).read(written, path, source, NOTHING);
    return read == null ? NOTHING : (PodSecurity) read;
  }

  private CheckMode workloads() {
    return value(CheckMode.class, source.tree(), FieldPath.ROOT, ProfileLayer.WORKLOADS)
        .orElse(CheckMode.OFF);
  }

  private Set<String> skippable() {
    var path = FieldPath.of(ProfileLayer.SKIPPABLE);
    var written = source.tree().path(ProfileLayer.SKIPPABLE);
    if (written.isMissingNode()) {
      return Set.of();
    }
    var names = new LinkedHashSet<String>();
    new ListType(ScalarType.of(String.class)).read(written, path, source);
    for (int i = 0; i < written.size(); i++) {
      var name = written.path(i).textValue();
      if (name != null) {
        checkSkippable(name, path.index(i));
        names.add(name);
      }
    }
    return names;
  }

  private void checkSkippable(String name, FieldPath path) {
    var rule = Rules.named(name);
    if (rule.isEmpty()) {
      var all = Rules.all().stream().map(Rule::name).toList();
      source.report(path, "there is no rule \"" + name + "\"" + Suggestion.text(name, all));
    } else if (!(rule.get() instanceof Rule.Fix)) {
      source.report(path, name + " has no fix that a pod could skip");
    }
  }

  private List<RuleSettings> rules() {
    var all = new ArrayList<RuleSettings>();
    for (var rule : Rules.all()) {
      all.add(settings(rule));
    }
    return all;
  }

  private RuleSettings settings(Rule rule) {
    var path = FieldPath.of(ProfileLayer.RULES, rule.name());
    var written =
        source.tree().path(ProfileLayer.RULES).get(rule.name()) instanceof ObjectNode map
            ? map
            : null;
    if (written == null) {
      return new RuleSettings(rule, FixMode.OFF, ExceptedPods.NONE, CheckMode.OFF, null);
    }
    var fix = value(FixMode.class, written, path, ProfileLayer.FIX).orElse(FixMode.OFF);
    var check = value(CheckMode.class, written, path, ProfileLayer.CHECK).orElse(CheckMode.OFF);
    var enforceFrom = value(LocalDate.class, written, path, ProfileLayer.ENFORCE_FROM).orElse(null);
    if (enforceFrom != null && check != CheckMode.WARN) {
      var at = path.field(ProfileLayer.ENFORCE_FROM);
      if (source.saysItself(at)) {
        source.report(at, "only a check of warn can become enforce: write check: warn as well");
      }
      enforceFrom = null;
    }
    if (rule instanceof Rule.Check checking && !checking.checksOptions()) {
      var strongest = enforceFrom == null ? check : CheckMode.ENFORCE;
      refuseMilder(checking, path.field(ProfileLayer.CHECK), check, strongest);
      if (checking.controls().stream().noneMatch(raisedTo(strongest))) {
        check = CheckMode.OFF;
        enforceFrom = null;
      }
    }
    return new RuleSettings(
        withOptions(rule, written, path), fix, except(written, path), check, enforceFrom);
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

  /** Removed as a whole, it leaves no pods alone. */
  private ExceptedPods except(ObjectNode written, FieldPath path) {
    var except = written.get(ProfileLayer.EXCEPT);
    var read =
        except == null
            ? null
            : new RecordType(ExceptedPods.class)
                .read(except, path.field(ProfileLayer.EXCEPT), source);
    return read == null ? ExceptedPods.NONE : (ExceptedPods) read;
  }

  private Rule withOptions(Rule rule, ObjectNode written, FieldPath path) {
    var type = new RecordType(rule.getClass());
    var options = JsonNodeFactory.instance.objectNode();
    for (var name : type.names()) {
      if (written.has(name)) {
        options.set(name, written.get(name));
      }
    }
    var read = type.read(options, path, source, rule);
    return read == null ? rule : (Rule) read;
  }

  private <T> Optional<T> value(Class<T> type, JsonNode map, FieldPath path, String key) {
    var written = map.get(key);
    return written == null
        ? Optional.empty()
        : Optional.ofNullable(
            type.cast(ScalarType.of(type).read(written, path.field(key), source)));
  }
}
