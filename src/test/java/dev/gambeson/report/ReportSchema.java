package dev.gambeson.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A schema of the documentation. */
public final class ReportSchema {
  private final JsonNode text;
  private final JsonSchema schema;

  private ReportSchema(JsonNode text) {
    this.text = text;
    schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
  }

  public static ReportSchema of(String file) {
    try {
      return new ReportSchema(new ObjectMapper().readTree(Path.of("docs", file).toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Requires that it describes a report. */
  public void requireDescribed(JsonNode report) {
    assertThat(schema.validate(report)).isEmpty();
  }

  /** Requires that each property which it names is in one of these reports. */
  void requireUsed(List<JsonNode> reports) {
    var written = new TreeSet<String>();
    reports.forEach(report -> names(report, written));
    assertThat(written).containsAll(properties(text, new TreeSet<>()));
  }

  private static void names(JsonNode node, Set<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> names(child, names));
  }

  private static Set<String> properties(JsonNode node, Set<String> names) {
    node.path("properties").fieldNames().forEachRemaining(names::add);
    node.forEach(child -> properties(child, names));
    return names;
  }
}
