package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One document of a YAML stream.
 *
 * @param source its text and position
 * @param root the node that SnakeYAML composed; its marks count code points of the source's text;
 *     plain scalars have the tag {@link YamlReader#PLAIN}, aliases are the anchored node itself,
 *     merge keys are not merged yet; null if the document is empty
 * @param value the same as JSON, merged; a null node where the document is empty
 */
public record YamlDocument(DocumentText source, @Nullable Node root, JsonNode value) {

  /**
   * The position of a value; if it does not exist, of the nearest value that would contain it.
   *
   * @param pointer a JSON Pointer (RFC 6901)
   */
  public Position valueAt(String pointer) {
    return find(pointer, false);
  }

  /** The position of a value's key; for an element of a list, of the element. */
  public Position keyAt(String pointer) {
    return find(pointer, true);
  }

  private Position find(String pointer, boolean wantsKey) {
    var node = root;
    if (node == null) {
      return source.start();
    }
    var mark = node.getStartMark();
    for (var segment : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
      var name = segment.replace("~1", "/").replace("~0", "~");
      Node child = null;
      if (node instanceof MappingNode mapping) {
        var entry = entry(mapping, name);
        if (entry != null) {
          child = entry.value();
          mark = (wantsKey ? entry.key() : child).getStartMark();
        }
      } else if (node instanceof SequenceNode sequence) {
        child = element(sequence, name);
        mark = child == null ? mark : child.getStartMark();
      }
      if (child == null) {
        break;
      }
      node = child;
    }
    return position(mark);
  }

  private Position position(Mark mark) {
    return source.position(mark.getLine(), mark.getColumn());
  }

  private YamlEntries.@Nullable Entry entry(MappingNode mapping, String name) {
    try {
      return YamlEntries.of(mapping, source).get(name);
    } catch (YamlException e) {
      throw new IllegalStateException("a document that was read before", e);
    }
  }

  private static @Nullable Node element(SequenceNode sequence, String index) {
    try {
      int position = Integer.parseInt(index);
      var elements = sequence.getValue();
      return position >= 0 && position < elements.size() ? elements.get(position) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
