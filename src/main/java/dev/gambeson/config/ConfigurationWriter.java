package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Profile;
import dev.gambeson.yaml.YamlWriter;
import java.util.List;

/** Writes a whole configuration: what it says reads back as the same. */
public final class ConfigurationWriter {
  private static final JsonMapper MAPPER = new JsonMapper();

  private ConfigurationWriter() {}

  /** The YAML of a configuration, with everything that applies. */
  public static String write(Configuration configuration) {
    return yaml(GambesonConfig.TYPE.write(GambesonConfig.of(configuration)));
  }

  /** The YAML of one profile of a configuration, as a configuration. */
  public static String write(Profile profile) {
    var tree = GambesonConfig.TYPE.write(GambesonConfig.of(profile));
    tree.removeIf(each -> each.isArray() && each.isEmpty());
    return yaml(tree);
  }

  /**
   * The YAML of an exemption that is still to be approved, as an item of the list {@code
   * exemptions}: without a reason and an approver it is refused.
   */
  public static String form(Exemption exemption) {
    var list = new ListType(new ExemptionType()).write(List.of(exemption));
    var entry = (ObjectNode) list.path(0);
    entry.put("reason", "").put("approvedBy", "");
    return yaml(list)
        .replace("\n  reason: ''\n", "\n  reason: ''      # FILL IN: why the pods need it\n")
        .replace("\n  approvedBy: ''\n", "\n  approvedBy: ''  # FILL IN: who answers for it\n");
  }

  private static String yaml(JsonNode tree) {
    return YamlWriter.write(MAPPER.convertValue(tree, Object.class));
  }
}
