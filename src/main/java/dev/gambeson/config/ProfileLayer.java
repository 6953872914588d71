package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one file says about one profile. */
record ProfileLayer(ConfigurationDocument document, FieldPath path) {
  String name() {
    return (String) path.last();
  }

  /** The profile as it is written; empty where it is no map. */
  ObjectNode tree() {
    return document.at(path) instanceof ObjectNode map
        ? map
        : JsonNodeFactory.instance.objectNode();
  }

  /** The profile that this one says it extends. */
  @Nullable String base() {
    return tree().path(ProfileConfig.EXTENDS).textValue();
  }

  boolean says(FieldPath below) {
    return !document.at(below.under(path)).isMissingNode();
  }

  void report(FieldPath below, String message) {
    document.report(below.under(path), message);
  }

  Problem problem(FieldPath below, String message) {
    return document.problem(below.under(path), message);
  }

  /** The layers of a file's profiles. */
  static List<ProfileLayer> of(ConfigurationDocument document) {
    var path = FieldPath.of(GambesonConfig.PROFILES);
    return document
        .at(path)
        .propertyStream()
        .map(entry -> new ProfileLayer(document, path.field(entry.getKey())))
        .toList();
  }
}
