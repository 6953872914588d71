package dev.gambeson.yaml;

import java.util.List;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.representer.Representer;

/** Writes YAML as people write manifests: block style, two spaces, lists not indented. */
public final class YamlWriter {
  private YamlWriter() {}

  /** The YAML of a scalar, list or map, with comments; ends with a line feed. */
  public static String write(Object value) {
    return write(value, true);
  }

  /** Like {@link #write}, but in ASCII: other characters are escaped. */
  public static String writeAscii(Object value) {
    return write(value, false);
  }

  private static String write(Object value, boolean unicode) {
    var options = new DumperOptions();
    options.setAllowUnicode(unicode);
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setWidth(Integer.MAX_VALUE);
    options.setProcessComments(true);
    return new Yaml(new WithComments(options), options).dump(value);
  }

  private static final class WithComments extends Representer {
    WithComments(DumperOptions options) {
      super(options);
      representers.put(CommentedValue.class, data -> represent((CommentedValue) data));
    }

    private Node represent(CommentedValue commented) {
      var node = representData(commented.value());
      node.setInLineComments(
          List.of(new CommentLine(null, null, " " + commented.comment(), CommentType.IN_LINE)));
      return node;
    }
  }
}
