package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.Rule;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import dev.gambeson.yaml.YamlWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a whole configuration: what it says reads back as the same. */
public final class ConfigurationWriter {
  private static final JsonMapper MAPPER = new JsonMapper();

  private ConfigurationWriter() {}

  /** The YAML of a configuration, with everything that applies. */
  public static String write(Configuration configuration) {
    var tree = header();
    tree.set(
        "enforcement",
        scalar(
            configuration.enforce()
                ? ConfigurationLoader.Enforcement.ENFORCE
                : ConfigurationLoader.Enforcement.WARN));
    tree.put("defaultProfile", configuration.defaultProfile());
    tree.set(
        "namespaces",
        new ListType(new RecordType(NamespaceProfile.class)).write(configuration.namespaces()));
    tree.set("exemptions", ExemptionEntries.write(configuration.exemptions()));
    return yaml(tree, configuration.profiles());
  }

  /** The YAML of one profile of a configuration, as a configuration. */
  public static String write(Profile profile) {
    return yaml(header(), Map.of(profile.name(), profile));
  }

  /**
   * The YAML of an exemption that is still to be approved, as an item of the list {@code
   * exemptions}: without a reason and an approver it is refused.
   */
  public static String form(Exemption exemption) {
    var list = ExemptionEntries.write(List.of(exemption));
    var entry = (ObjectNode) list.path(0);
    entry.put("reason", "").put("approvedBy", "");
    return YamlWriter.write(MAPPER.convertValue(list, Object.class))
        .replace("\n  reason: ''\n", "\n  reason: ''      # FILL IN: why the pods need it\n")
        .replace("\n  approvedBy: ''\n", "\n  approvedBy: ''  # FILL IN: who answers for it\n");
  }

  private static ObjectNode header() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", ConfigurationLoader.API_VERSION)
        .put("kind", ConfigurationLoader.KIND);
  }

  private static String yaml(ObjectNode tree, Map<String, Profile> profiles) {
    var written = tree.putObject("profiles");
    new TreeMap<>(profiles).forEach((name, profile) -> written.set(name, profile(profile)));
    return YamlWriter.write(MAPPER.convertValue(tree, Object.class));
  }

  private static ObjectNode profile(Profile profile) {
    var tree = JsonNodeFactory.instance.objectNode().put(ProfileLayer.EXTENDS, ProfileLayer.NONE);
    tree.set(
        ProfileLayer.POD_SECURITY, new RecordType(PodSecurity.class).write(profile.podSecurity()));
    tree.set(ProfileLayer.WORKLOADS, scalar(profile.workloads()));
    tree.set(
        ProfileLayer.SKIPPABLE,
        new ListType(ScalarType.of(String.class))
            .write(List.copyOf(profile.skippable()).stream().sorted().toList()));
    var rules = tree.putObject(ProfileLayer.RULES);
    profile.rules().forEach(settings -> rules.set(settings.rule().name(), rule(settings)));
    var exact = JsonNodeFactory.instance.objectNode();
    exact.set(ProfileLayer.RULES, rules);
    tree.setAll(TreeMerge.exactly(exact, ProfileResolver.defaults()));
    tree.withObject(ProfileLayer.RULES).removeIf(JsonNode::isEmpty);
    return tree;
  }

  private static ObjectNode rule(RuleSettings settings) {
    var tree = JsonNodeFactory.instance.objectNode();
    var rule = settings.rule();
    if (rule instanceof Rule.Fix) {
      tree.set(ProfileLayer.FIX, scalar(settings.fix()));
      tree.set(ProfileLayer.EXCEPT, new RecordType(ExceptedPods.class).write(settings.except()));
    }
    if (rule instanceof Rule.Check checking
        && (checking.checksOptions() || settings.check() != CheckMode.OFF)) {
      tree.set(ProfileLayer.CHECK, scalar(settings.check()));
    }
    if (settings.enforceFrom() != null) {
      tree.set(
          ProfileLayer.ENFORCE_FROM, ScalarType.of(LocalDate.class).write(settings.enforceFrom()));
    }
    tree.setAll(new RecordType(settings.rule().getClass()).write(settings.rule()));
    return tree;
  }

  private static JsonNode scalar(Enum<?> constant) {
    return ScalarType.of(constant.getDeclaringClass()).write(constant);
  }
}
