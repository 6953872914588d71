package dev.gambeson.yaml;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The entries of a mapping as Kubernetes reads them: keys as strings, merge keys merged. */
final class YamlEntries {
  private static final int MAX_MERGED = 1_000;

  private final Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
  private final Set<YamlNode> within = Collections.newSetFromMap(new IdentityHashMap<>());
  private int mergedSoFar;

  private YamlEntries() {}

  /**
   * The entries by key.
   *
   * @throws YamlException if a key is repeated or not a scalar, or a merge key has no mapping
   */
  static Map<String, YamlNode.Entry> of(YamlNode.Mapping mapping) throws YamlException {
    var entries = new YamlEntries();
    entries.addAll(mapping);
    return entries.merged;
  }

  /** A later merge key overwrites earlier entries, as in the YAML library of Kubernetes. */
  private void addAll(YamlNode.Mapping mapping) throws YamlException {
    if (!within.add(mapping)) {
      throw new YamlException(
          "the merge key << merges the mapping into itself", mapping.position());
    }
    var own = new LinkedHashMap<String, YamlNode>();
    for (var entry : mapping.entries()) {
      if (entry.isMerge()) {
        merge(entry.value().resolved());
        continue;
      }
      var name = entry.name();
      var key = entry.key().resolved();
      var first = own.putIfAbsent(name, key);
      if (first != null) {
        throw new YamlException(
            "the key \""
                + name
                + "\" is also in line "
                + first.position().line()
                + ": remove one of them",
            key.position());
      }
      merged.put(name, entry);
    }
    within.remove(mapping);
  }

  private void merge(YamlNode value) throws YamlException {
    if (value instanceof YamlNode.Sequence sequence) {
      // The first of several has precedence.
      for (var item : sequence.items().reversed()) {
        mergeMapping(item.resolved());
      }
    } else {
      mergeMapping(value);
    }
  }

  private void mergeMapping(YamlNode value) throws YamlException {
    if (!(value instanceof YamlNode.Mapping mapping)) {
      throw new YamlException(
          "the value of the merge key << must be a mapping or a list of mappings",
          value.position());
    }
    mergedSoFar += 1 + mapping.entries().size();
    if (mergedSoFar > MAX_MERGED) {
      throw new YamlException("the merge key << brings in too many values", value.position());
    }
    addAll(mapping);
  }
}
