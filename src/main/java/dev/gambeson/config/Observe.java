package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The profile that only watches: another one, in audit. */
final class Observe {
  private Observe() {}

  /**
   * The profile of {@code strict}, with nothing applied, denied or warned of. What strict only
   * audits is off: such a fix fixes nothing that strict refuses.
   */
  static ObjectNode of(ObjectNode strict) {
    var tree = strict.deepCopy();
    for (var settings : tree.path(ProfileConfig.RULES)) {
      if (settings instanceof ObjectNode rule) {
        put(rule, RuleConfig.FIX, FixMode.OFF, List.of(FixMode.AUDIT));
        audit(rule, RuleConfig.FIX, List.of(FixMode.APPLY));
        audit(rule, RuleConfig.CHECK, List.of(CheckMode.WARN, CheckMode.ENFORCE));
        rule.remove(RuleConfig.ENFORCE_FROM);
      }
    }
    audit(tree, ProfileConfig.WORKLOADS, List.of(CheckMode.WARN, CheckMode.ENFORCE));
    if (tree.get(ProfileConfig.POD_SECURITY) instanceof ObjectNode podSecurity) {
      var highest =
          Stream.of("enforce", "warn", "audit")
              .map(mode -> level(podSecurity.path(mode)))
              .max(PodSecurityLevel::compareTo)
              .orElseThrow();
      podSecurity.remove(List.of("enforce", "warn"));
      podSecurity.put("audit", ScalarType.spelt(highest));
    }
    return tree;
  }

  private static void audit(ObjectNode map, String key, List<? extends Enum<?>> above) {
    put(map, key, CheckMode.AUDIT, above);
  }

  /** Puts the mode in place of one of the others. */
  private static void put(
      ObjectNode map, String key, Enum<?> mode, List<? extends Enum<?>> others) {
    var written = map.path(key).asText();
    if (others.stream().anyMatch(other -> ScalarType.spelt(other).equals(written))) {
      map.put(key, ScalarType.spelt(mode));
    }
  }

  /** The level; the lowest where none is written that exists, for that is reported elsewhere. */
  private static PodSecurityLevel level(JsonNode written) {
    return Arrays.stream(PodSecurityLevel.values())
        .filter(level -> ScalarType.spelt(level).equals(written.asText()))
        .findAny()
        .orElse(PodSecurityLevel.PRIVILEGED);
  }
}
