package dev.gambeson.admission;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Configuration;
import java.util.Map;
import java.util.stream.Collectors;

/** A configuration whose default profile applies every fix and enforces every check. */
final class EveryRule {
  /** What the rules that compare amounts, and look at single containers, are given to do. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "Resources",
          ", requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: '1', memory: 512Mi},"
              + " maximum: {cpu: '2', memory: 2Gi, ephemeral-storage: 4Gi},"
              + " maxLimitRequestRatio: {cpu: '10', memory: '4'}, qosClass: Guaranteed",
          "EmptyDirSizeLimit",
          ", maximum: 1Gi, memoryMaximum: 256Mi");

  private EveryRule() {}

  static Configuration configuration() {
    var rules =
        Rules.all().stream()
            .map(rule ->
                "      %s: {%s%s%s}\n"
                    .formatted(
                        rule.name(),
                        rule instanceof Rule.Fix ? "fix: apply, " : "",
                        rule instanceof Rule.Check ? "check: enforce" : "",
                        OPTIONS.getOrDefault(rule.name(), "")))
            .collect(Collectors.joining());
    var yaml =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: every-rule
        profiles:
          every-rule:
            podSecurity: {enforce: restricted}
            rules:
        %sexemptions:
        - {rules: [RunAsNonRoot, HostPorts], namespaces: [shop], containers: [c1], reason: r, approvedBy: a}
        - {rules: [HostPathVolumes], namespaces: [shop], values: {paths: [/v/1], readOnly: true}, reason: r, approvedBy: a}
        """
            .formatted(rules);
    return load(yaml);
  }

  /** Injects what an administrator wrote, but only as an audit, beside fixes that are applied. */
  static Configuration injectionsAudited() {
    return load(
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: injections-audited
        profiles:
          injections-audited:
            extends: of-the-administrator
            rules:
              PodPresets: {fix: audit}
              Sidecars: {fix: audit}
        """
            + AdministratorProfile.YAML);
  }

  private static Configuration load(String yaml) {
    try {
      return ConfigurationLoader.load(yaml, "every-rule.yaml");
    } catch (ConfigurationException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
