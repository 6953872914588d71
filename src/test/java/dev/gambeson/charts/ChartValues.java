package dev.gambeson.charts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationSchema;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The chart's {@code values.yaml}, from which its schema and its table of values are written.
 *
 * <p>A comment {@code # --} above a key describes it, lines between two {@code # @schema} add to
 * what its schema says. A map with a description is open, a map without one is a group of values
 * that knows its keys.
 */
final class ChartValues {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String DESCRIPTION = "# -- ";
  private static final String SCHEMA = "# @schema";

  /** What Kubernetes takes as maps of texts. */
  private static final Pattern TEXTS = Pattern.compile(".*([lL]abels|[aA]nnotations|nodeSelector)");

  /** A key that has a description, with the path of all keys above it. */
  private record Value(String path, String description, JsonNode byDefault) {}

  private final List<String> lines;
  private final List<Value> values = new ArrayList<>();
  private final ObjectNode schema;

  private ChartValues(String text) throws YamlException {
    lines = text.lines().toList();
    var document = YamlReader.readAll(text).getFirst();
    schema = group(document, (ObjectNode) document.value(), "");
    addConfiguration();
    // Helm hands it to every chart below another.
    schema.withObject("/properties").putObject("global").put("type", "object");
  }

  static ChartValues read() throws IOException, YamlException {
    return new ChartValues(Files.readString(Chart.FOLDER.resolve("values.yaml")));
  }

  /** What {@code gambeson config schema} prints, for the value, which may lack the header. */
  private void addConfiguration() throws YamlException {
    var configuration = (ObjectNode) TestYaml.value(ConfigurationSchema.write());
    var properties = configuration.withObject("/properties");
    schema
        .withObject("/properties/configuration")
        .put("additionalProperties", false)
        .set("properties", properties);
    schema.set("$defs", configuration.get("$defs"));
  }

  /** The chart's {@code values.schema.json}, which lists these time zones. */
  String schema(Zones zones) throws JsonProcessingException {
    var document = MAPPER.createObjectNode();
    document.put("$schema", "http://json-schema.org/draft-07/schema#");
    document.setAll(schema);
    zones.addTo(document);
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  /** The table of values, in Markdown. */
  String table() throws JsonProcessingException {
    var table = new StringBuilder("| value | default | meaning |\n| --- | --- | --- |\n");
    for (var value : values) {
      table.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(
                  value.path(),
                  MAPPER.writeValueAsString(value.byDefault()),
                  value.description().replace("|", "\\|")));
    }
    return table.toString();
  }

  private ObjectNode group(YamlDocument document, ObjectNode values, String prefix)
      throws YamlException {
    var group = MAPPER.createObjectNode();
    group.put("type", "object").put("additionalProperties", false);
    var properties = group.putObject("properties");
    for (var value : values.properties()) {
      properties.set(value.getKey(), property(document, value.getValue(), prefix + value.getKey()));
    }
    return group;
  }

  private ObjectNode property(YamlDocument document, JsonNode value, String path)
      throws YamlException {
    var key = document.keyAt("/" + path.replace('.', '/'));
    var comment = commentAbove(key.line() - 1);
    var description = description(comment);
    if (description.isEmpty()) {
      if (value instanceof ObjectNode map) {
        return group(document, map, path + ".");
      }
      throw new IllegalStateException("values.yaml does not describe " + path);
    }
    values.add(new Value(path, description, value));
    var property = MAPPER.createObjectNode().put("description", description);
    describe(property, value);
    if (TEXTS.matcher(path).matches()) {
      property.putObject("additionalProperties").put("type", "string");
    }
    property.setAll((ObjectNode) ofSchema(comment));
    return property;
  }

  private static void describe(ObjectNode schema, JsonNode value) {
    schema.put("type", type(value));
    if (value.isArray() && !value.isEmpty()) {
      schema.putObject("items").put("type", type(value.path(0)));
    }
  }

  private static String type(JsonNode value) {
    return value.isInt() ? "integer" : value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String description(List<String> comment) {
    var words = new ArrayList<String>();
    for (var line : comment) {
      if (line.startsWith(SCHEMA)) {
        break;
      }
      words.add(line.startsWith(DESCRIPTION) ? line.substring(DESCRIPTION.length()) : text(line));
    }
    return String.join(" ", words);
  }

  private static JsonNode ofSchema(List<String> comment) throws YamlException {
    int first = comment.indexOf(SCHEMA);
    int last = comment.lastIndexOf(SCHEMA);
    if (first == last) {
      return MAPPER.createObjectNode();
    }
    var text =
        String.join(
            "\n", comment.subList(first + 1, last).stream().map(ChartValues::text).toList());
    return TestYaml.value(text);
  }

  /** Without the sign of a comment and the space behind it. */
  private static String text(String line) {
    return line.length() > 1 ? line.substring(2) : "";
  }

  /** The lines of comment directly above a line, from the one that describes its key. */
  private List<String> commentAbove(int line) {
    var comment = new ArrayDeque<String>();
    for (int i = line - 1; i >= 0 && lines.get(i).strip().startsWith("#"); i--) {
      comment.addFirst(lines.get(i).strip());
      if (comment.getFirst().startsWith(DESCRIPTION)) {
        return List.copyOf(comment);
      }
    }
    return List.of();
  }
}
