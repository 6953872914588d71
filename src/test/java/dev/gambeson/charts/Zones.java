package dev.gambeson.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The time zones that {@code values.schema.json} lists.
 *
 * @param version of the IANA database that they are from: {@code 2026a}
 */
record Zones(String version, SortedSet<String> names) {
  private static final String VERSION = "The time zones of the IANA database ";

  /** What stands for no choice. */
  private static final String NONE = "";

  /** Where the schema lists them. */
  private static final String PLACE = "/if/properties/timezone/enum";

  /** Those of this JDK, which are those that the rule {@code Timezone} takes. */
  static Zones ofThisJdk() {
    return new Zones(
        ZoneRulesProvider.getVersions("UTC").lastKey(),
        new TreeSet<>(ZoneId.getAvailableZoneIds()));
  }

  /** Those that the chart lists now. */
  static Zones ofTheChart() throws IOException, YamlException {
    var schema = TestYaml.value(Files.readString(Chart.FOLDER.resolve("values.schema.json")));
    var names = new TreeSet<String>();
    schema.at(PLACE).valueStream().map(JsonNode::asText).forEach(names::add);
    names.remove(NONE);
    return new Zones(schema.path("$comment").asText().replace(VERSION, ""), names);
  }

  /** Lets a schema take these as {@code timezone}, and others with {@code timezoneUnchecked}. */
  void addTo(ObjectNode schema) {
    schema.put("$comment", VERSION + version);
    var listed = schema.withObject("/if/properties/timezone").putArray("enum");
    listed.add(NONE);
    names.forEach(listed::add);
    // Helm prints the only value that there could be: a list of all zones would bury the rest.
    schema.withObject("/else").withObject("/if/properties/timezoneUnchecked").put("const", false);
    schema
        .withObject("/else/then/properties/timezone")
        .put(
            "const",
            "a zone that values.schema.json lists, or another with timezoneUnchecked: true");
  }
}
