package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.Position;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.util.List;

/** A configuration file as it is written. */
record ConfigurationDocument(String source, YamlDocument yaml, Problems problems)
    implements ProblemReporter {
  static final String BUILT_IN = "the built-in profiles";

  private static final String HEADER =
      "apiVersion: " + GambesonConfig.API_VERSION + ", kind: " + GambesonConfig.KIND;

  /**
   * Reads a file.
   *
   * @param problems takes what is wrong with it
   */
  static ConfigurationDocument read(String text, String source, Problems problems)
      throws ConfigurationException {
    try {
      var documents =
          YamlReader.readAll(text).stream().filter(each -> !each.value().isNull()).toList();
      if (documents.isEmpty()) {
        throw refused(source, new Position(1, 1), "is empty: begin with " + HEADER);
      }
      if (documents.size() > 1) {
        throw refused(
            source,
            documents.get(1).valueAt(""),
            "here begins a second document, and a configuration is one: merge the two");
      }
      var only = documents.getFirst();
      if (!only.value().isObject()) {
        throw refused(
            source, only.valueAt(""), "must be an object, not " + ValueInWords.of(only.value()));
      }
      return new ConfigurationDocument(source, only, problems);
    } catch (YamlException e) {
      throw refused(source, e.position(), e.reason());
    }
  }

  private static ConfigurationException refused(String source, Position position, String message) {
    return new ConfigurationException(
        List.of(new Problem(source, position, FieldPath.ROOT, message)));
  }

  boolean isBuiltIn() {
    return source.equals(BUILT_IN);
  }

  /** What stands at a path; missing where nothing does. */
  JsonNode at(FieldPath path) {
    return yaml.value().at(path.pointer());
  }

  @Override
  public void report(FieldPath path, String message) {
    problems.add(problem(path, message));
  }

  Problem problem(FieldPath path, String message) {
    return new Problem(source, yaml.keyAt(path.pointer()), path, message);
  }
}
