package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The entries of a mapping as Kubernetes reads them: keys as strings, merge keys merged. */
final class YamlEntries {
  private static final int MAX_MERGED = 1_000;

  /** A key and its value. */
  record Entry(Node key, Node value) {}

  private final DocumentText source;
  private final Map<String, Entry> merged = new LinkedHashMap<>();
  private final Set<Node> within = Collections.newSetFromMap(new IdentityHashMap<>());
  private int mergedSoFar;

  private YamlEntries(DocumentText source) {
    this.source = source;
  }

  /**
   * The entries by key.
   *
   * @throws YamlException if a key is repeated or not a scalar, or a merge key has no mapping
   */
  static Map<String, Entry> of(MappingNode mapping, DocumentText source) throws YamlException {
    var entries = new YamlEntries(source);
    entries.addAll(mapping);
    return entries.merged;
  }

  /** A later merge key overwrites earlier entries, as in the YAML library of Kubernetes. */
  private void addAll(MappingNode mapping) throws YamlException {
    if (!within.add(mapping)) {
      throw new YamlException("the merge key << merges the mapping into itself", position(mapping));
    }
    var own = new LinkedHashMap<String, Node>();
    for (var tuple : mapping.getValue()) {
      if (isMerge(tuple)) {
        merge(tuple.getValueNode());
        continue;
      }
      var key = key(tuple.getKeyNode());
      var first = own.putIfAbsent(key, tuple.getKeyNode());
      if (first != null) {
        throw new YamlException(
            "the key \""
                + key
                + "\" is also in line "
                + position(first).line()
                + ": remove one of them",
            position(tuple.getKeyNode()));
      }
      merged.put(key, new Entry(tuple.getKeyNode(), tuple.getValueNode()));
    }
    within.remove(mapping);
  }

  private void merge(Node value) throws YamlException {
    if (value instanceof SequenceNode sequence) {
      // The first of several has precedence.
      for (var element : sequence.getValue().reversed()) {
        mergeMapping(element);
      }
    } else {
      mergeMapping(value);
    }
  }

  private void mergeMapping(Node value) throws YamlException {
    if (!(value instanceof MappingNode mapping)) {
      throw new YamlException(
          "the value of the merge key << must be a mapping or a list of mappings", position(value));
    }
    mergedSoFar += 1 + mapping.getValue().size();
    if (mergedSoFar > MAX_MERGED) {
      throw new YamlException("the merge key << brings in too many values", position(value));
    }
    addAll(mapping);
  }

  private static boolean isMerge(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode key
        && key.getValue().equals("<<")
        && (key.getTag().equals(YamlReader.PLAIN) || key.getTag().equals(Tag.MERGE));
  }

  private String key(Node node) throws YamlException {
    JsonNode key =
        node instanceof ScalarNode scalar ? YamlScalars.resolve(scalar, position(node)) : null;
    if (key == null) {
      throw new YamlException("a key must be a scalar", position(node));
    }
    if (key.isNull()) {
      throw new YamlException("a key must not be null", position(node));
    }
    return key.asText();
  }

  private Position position(Node node) {
    return source.position(node.getStartMark().getLine(), node.getStartMark().getColumn());
  }
}
