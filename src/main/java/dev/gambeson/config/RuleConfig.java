package dev.gambeson.config;

import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.RuleSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a profile says of a rule: the keys of its halves, and beside them its own options. */
final class RuleConfig {
  static final String FIX = "fix";
  static final String CHECK = "check";
  static final String ENFORCE_FROM = "enforceFrom";

  /** The keys of every rule with a fix. */
  private record FixConfig(
      @Doc("`apply`; `audit`: only count and report what would change; `off`.")
          @Nullable FixMode fix,
      @Doc(
              "The pods that the fix leaves alone: what one of the two lists names. The check judges"
                  + " them all the same.")
          ExceptedPods except) {
    static final FixConfig OFF = new FixConfig(null, ExceptedPods.NONE);
    static final ObjectType TYPE =
        RecordType.of(
                FixConfig.class,
                Map.of("except", RecordType.of(ExceptedPods.class).withDefaults(ExceptedPods.NONE)))
            .withDefaults(OFF);

    static FixConfig of(RuleSettings settings) {
      return new FixConfig(settings.fix(), settings.except());
    }
  }

  /** The keys of every rule with a check. */
  private record CheckConfig(
      @Doc(
              "What is done with a pod that breaks the rule: it may raise what podSecurity does,"
                  + " never lower it.")
          @Nullable CheckMode check,
      @Doc("The day from which on (UTC) a check of `warn` enforces.")
          @Nullable LocalDate enforceFrom) {
    static final CheckConfig OFF = new CheckConfig(null, null);
    static final ObjectType TYPE = RecordType.of(CheckConfig.class).withDefaults(OFF);

    /** Of a rule that only checks controls, {@code off} says nothing and might be refused. */
    static CheckConfig of(RuleSettings settings) {
      boolean silent = settings.check() == CheckMode.OFF && !settings.checksOptions();
      return new CheckConfig(silent ? null : settings.check(), settings.enforceFrom());
    }
  }

  /** Some of the keys of a rule, and where their values stand in its settings. */
  private record Part(ObjectType type, Function<RuleSettings, Object> of) {}

  /** Every rule, and nothing done by any. */
  static final List<RuleSettings> OFF =
      Rules.all().stream()
          .map(rule -> new RuleSettings(rule, FixMode.OFF, ExceptedPods.NONE, CheckMode.OFF, null))
          .toList();

  /**
   * The keys of all rules; the value is a list of their settings, in the order of the catalogue.
   */
  static final ObjectType RULES =
      new ObjectType(
          "an object of rules",
          IntStream.range(0, OFF.size()).mapToObj(RuleConfig::component).toList(),
          List::copyOf,
          OFF,
          key -> "there is no such rule");

  private RuleConfig() {}

  private static Component component(int position) {
    var off = OFF.get(position);
    var doc = off.rule().getClass().getAnnotation(Doc.class);
    return new Component(
        off.rule().name(),
        type(off),
        false,
        doc == null ? "" : doc.value().strip(),
        all -> ((List<?>) all).get(position),
        null);
  }

  private static ObjectType type(RuleSettings off) {
    var rule = off.rule();
    var parts = parts(rule);
    var components =
        parts.stream()
            .flatMap(part ->
                part.type.components().stream()
                    .map(each -> each.within(settings -> part.of.apply((RuleSettings) settings))))
            .toList();
    return new ObjectType(
        ObjectType.wanted(components),
        components,
        arguments -> settings(rule, parts, arguments),
        off,
        key ->
            FixConfig.TYPE.names().contains(key)
                ? "the rule has no fix: it only checks"
                : CheckConfig.TYPE.names().contains(key)
                    ? "the rule has no check: it only fixes"
                    : "the rule has no such option");
  }

  private static List<Part> parts(Rule rule) {
    var parts = new ArrayList<Part>();
    if (rule instanceof Rule.Fix fixing) {
      var initial = FixConfig.TYPE.write(new FixConfig(null, fixing.except()));
      parts.add(new Part(FixConfig.TYPE.startingWith(initial), FixConfig::of));
    }
    if (rule instanceof Rule.Check) {
      parts.add(new Part(CheckConfig.TYPE, CheckConfig::of));
    }
    var options = RecordType.of(rule.getClass()).withDefaults(rule);
    parts.add(new Part(options.startingWith(options.write(rule)), RuleSettings::rule));
    return parts;
  }

  private static RuleSettings settings(
      Rule rule, List<Part> parts, List<@Nullable Object> arguments) {
    var fix = FixConfig.OFF;
    var check = CheckConfig.OFF;
    var options = rule;
    int from = 0;
    for (var part : parts) {
      int to = from + part.type.components().size();
      var read = part.type.maker().apply(arguments.subList(from, to));
      switch (read) {
        case FixConfig keys -> fix = keys;
        case CheckConfig keys -> check = keys;
        default -> options = (Rule) read;
      }
      from = to;
    }
    return new RuleSettings(
        options,
        Objects.requireNonNullElse(fix.fix, FixMode.OFF),
        fix.except,
        Objects.requireNonNullElse(check.check, CheckMode.OFF),
        check.enforceFrom);
  }
}
