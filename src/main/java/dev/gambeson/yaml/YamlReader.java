package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * YAML and JSON as Kubernetes reads them (sigs.k8s.io/yaml, which is go-yaml v2), except that a
 * repeated key is an error.
 */
public final class YamlReader {
  private static final int MAX_VALUES_OF_ALIASES = 100_000;

  private final Set<YamlNode> within = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<YamlNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private int valuesOfAliases;

  private YamlReader() {}

  /** Splits a stream into its documents, without reading them. */
  public static List<DocumentText> split(String stream) {
    return YamlSplitter.split(stream);
  }

  /**
   * Reads one document of a stream.
   *
   * @throws YamlException if it is not valid
   */
  public static YamlDocument read(DocumentText source) throws YamlException {
    var root = YamlParser.parse(source);
    var value =
        root == null ? JsonNodeFactory.instance.nullNode() : new YamlReader().value(root, false, 0);
    return new YamlDocument(source, root, value);
  }

  /**
   * Reads every document of a stream.
   *
   * @throws YamlException if one of them is not valid
   */
  public static List<YamlDocument> readAll(String stream) throws YamlException {
    var documents = new ArrayList<YamlDocument>();
    for (var source : split(stream)) {
      documents.add(read(source));
    }
    return documents;
  }

  private JsonNode value(YamlNode written, boolean inAlias, int depth) throws YamlException {
    var node = written.resolved();
    boolean again = inAlias || !seen.add(node);
    if (again && ++valuesOfAliases > MAX_VALUES_OF_ALIASES) {
      throw new YamlException("the aliases stand for too many values", node.position());
    }
    if (node instanceof YamlNode.Scalar scalar) {
      return YamlScalars.resolve(scalar);
    }
    if (depth > YamlParser.MAX_NESTING) {
      throw new YamlException("the values nest too deeply", node.position());
    }
    if (!within.add(node)) {
      throw new YamlException("the anchor's value contains itself", node.position());
    }
    var value =
        switch (node) {
          case YamlNode.Mapping mapping -> object(mapping, again, depth);
          case YamlNode.Sequence sequence -> {
            var array = JsonNodeFactory.instance.arrayNode();
            for (var item : sequence.items()) {
              array.add(value(item, again, depth + 1));
            }
            yield array;
          }
          default -> throw new IllegalStateException("no value: " + node);
        };
    within.remove(node);
    return value;
  }

  private ObjectNode object(YamlNode.Mapping mapping, boolean again, int depth)
      throws YamlException {
    var object = JsonNodeFactory.instance.objectNode();
    for (var entry : YamlEntries.of(mapping).entrySet()) {
      object.set(entry.getKey(), value(entry.getValue().value(), again, depth + 1));
    }
    return object;
  }
}
