package dev.gambeson.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Profile;
import dev.gambeson.yaml.DocumentEdit;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlEditor;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import dev.gambeson.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a whole configuration: what it says reads back as the same. */
public final class ConfigurationWriter {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String EMPTY =
      "apiVersion: %s\nkind: %s\n".formatted(GambesonConfig.API_VERSION, GambesonConfig.KIND);
  private static final Pattern BLANK_REASON = blank("reason");
  private static final Pattern BLANK_APPROVER = blank("approvedBy");

  private static Pattern blank(String field) {
    return Pattern.compile("(?m)^( +(?:- )?" + field + ": )(?:''|\"\")$");
  }

  private ConfigurationWriter() {}

  /** The YAML of a configuration, with everything that applies. */
  public static String write(Configuration configuration) {
    return yaml(GambesonConfig.TYPE.write(GambesonConfig.of(configuration)));
  }

  /** The YAML of what differs from the built-in configuration; empty where nothing does. */
  public static Optional<String> difference(ConfigurationLoader.Loaded loaded) {
    var usual = GambesonConfig.TYPE.write(GambesonConfig.of(ConfigurationLoader.builtIn()));
    var tree = GambesonConfig.TYPE.write(GambesonConfig.of(loaded.configuration()));
    var profiles = tree.putObject(GambesonConfig.PROFILES);
    loaded.differences().forEach(profiles::set);
    var header = Set.of("apiVersion", "kind");
    tree.properties()
        .removeIf(entry ->
            !header.contains(entry.getKey())
                && (entry.getValue().equals(usual.get(entry.getKey()))
                    || (entry.getValue().isContainerNode() && entry.getValue().isEmpty())));
    return tree.size() == header.size() ? Optional.empty() : Optional.of(yaml(tree));
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
    return withBlanksNamed(yaml(forms(List.of(exemption))));
  }

  /**
   * A configuration with more in it; its comments stay.
   *
   * @param text a valid configuration; empty for the built-in one
   * @param namespaces they count before those that are there
   * @param exemptions still to be approved: without reasons and approvers they are refused
   */
  public static String extend(
      String text, List<NamespaceProfile> namespaces, List<Exemption> exemptions) {
    var base = text.isBlank() ? EMPTY : text;
    try {
      var document = YamlReader.read(YamlReader.split(base).getFirst());
      var edits = new ArrayList<DocumentEdit>();
      var pins = GambesonConfig.TYPE.write(GambesonConfig.of(namespaces));
      insert(document, GambesonConfig.NAMESPACES, pins.path(GambesonConfig.NAMESPACES), 0, edits);
      insert(document, "exemptions", forms(exemptions), Integer.MAX_VALUE, edits);
      return withBlanksNamed(YamlEditor.edit(document, edits));
    } catch (YamlException e) {
      throw new IllegalArgumentException("the configuration is valid", e);
    }
  }

  private static void insert(
      YamlDocument document, String field, JsonNode list, int position, List<DocumentEdit> edits) {
    var present = document.value().path(field);
    var path = JsonPointer.compile("/" + field);
    if (list.isEmpty()) {
      return;
    }
    if (!present.isArray()) {
      edits.add(new DocumentEdit(DocumentEdit.Kind.ADD, path, list));
      return;
    }
    int at = Math.min(position, present.size());
    for (var element : list) {
      edits.add(new DocumentEdit(DocumentEdit.Kind.ADD, path.appendIndex(at++), element));
    }
  }

  private static JsonNode forms(List<Exemption> exemptions) {
    var list = new ListType(new ExemptionType()).write(exemptions);
    list.forEach(entry -> ((ObjectNode) entry).put("reason", "").put("approvedBy", ""));
    return list;
  }

  private static String withBlanksNamed(String yaml) {
    return BLANK_REASON
        .matcher(BLANK_APPROVER.matcher(yaml).replaceAll("$1''  # FILL IN: who answers for it"))
        .replaceAll("$1''      # FILL IN: why the pods need it");
  }

  private static String yaml(JsonNode tree) {
    return YamlWriter.write(MAPPER.convertValue(tree, Object.class));
  }
}
