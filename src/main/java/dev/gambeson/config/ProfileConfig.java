package dev.gambeson.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A profile as the configuration writes it. */
record ProfileConfig(
    @JsonProperty(EXTENDS)
        @Doc("The profile whose settings apply where this one is silent, or `none`.")
        @Nullable String base,
    @Doc("What is done with the controls of the Pod Security Standards.") PodSecurity podSecurity,
    @Doc(
            "What is done with a workload whose pods would break a rule once they are fixed:"
                + " `enforce` denies it where they would be denied, `warn` only warns.")
        CheckMode workloads,
    @Doc("The rules whose fix a pod may skip by the annotation gambeson.dev/skip-fixes.")
        List<String> skippable,
    @Doc("What is done by each rule.") List<RuleSettings> rules) {
  static final String EXTENDS = "extends";
  static final String POD_SECURITY = "podSecurity";
  static final String WORKLOADS = "workloads";
  static final String RULES = "rules";

  private static final PodSecurity PRIVILEGED =
      new PodSecurity(
          PodSecurityLevel.PRIVILEGED,
          PodSecurityLevel.PRIVILEGED,
          PodSecurityLevel.PRIVILEGED,
          PodSecurityVersion.LATEST);

  /** How profiles are written and merged. */
  static final ObjectType TYPE =
      RecordType.of(
              ProfileConfig.class,
              Map.of(
                  POD_SECURITY,
                  RecordType.of(PodSecurity.class).withDefaults(PRIVILEGED),
                  "skippable",
                  new ListType(NameType.RULE_WITH_FIX),
                  RULES,
                  RuleConfig.RULES))
          .withDefaults(
              new ProfileConfig(null, PRIVILEGED, CheckMode.OFF, List.of(), RuleConfig.OFF));

  /** The tree that makes the profile whatever it would inherit. */
  static ObjectNode tree(Profile profile) {
    var tree =
        TYPE.write(
            new ProfileConfig(
                NameType.NONE,
                profile.podSecurity(),
                profile.workloads(),
                profile.skippable().stream().sorted().toList(),
                profile.rules()));
    var rules =
        TreeMerge.exactly(RuleConfig.RULES, tree.withObject(RULES), RuleConfig.RULES.initial());
    rules.removeIf(JsonNode::isEmpty);
    tree.set(RULES, rules);
    return tree;
  }
}
