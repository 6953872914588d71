package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.scanner.ScannerException;

/**
 * YAML and JSON as Kubernetes reads them (sigs.k8s.io/yaml, which is go-yaml v2), except that a
 * repeated key is an error.
 */
public final class YamlReader {
  /** The tag of plain scalars in {@link YamlDocument#root}; their text decides their type. */
  public static final Tag PLAIN = new Tag("tag:gambeson.dev,2026:plain");

  private static final int MAX_NESTING = 200;
  private static final int MAX_ALIASES = 10_000;
  private static final int MAX_CODE_POINTS = 128 << 20;
  private static final int MAX_TABS = 1_000;
  private static final int MAX_VALUES_OF_ALIASES = 100_000;

  private static final Resolver ONLY_KINDS =
      new Resolver() {
        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
          return kind == NodeId.scalar
              ? implicit ? PLAIN : Tag.STR
              : super.resolve(kind, value, implicit);
        }
      };

  private final DocumentText source;
  private final Set<Node> within = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private int valuesOfAliases;

  private YamlReader(DocumentText source) {
    this.source = source;
  }

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
    var root = compose(source);
    var value =
        root == null
            ? JsonNodeFactory.instance.nullNode()
            : new YamlReader(source).value(root, false, 0);
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

  private static @Nullable Node compose(DocumentText source) throws YamlException {
    var options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_NESTING);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setCodePointLimit(MAX_CODE_POINTS);
    var text = JsonText.asYaml(source);
    try {
      for (int i = 0; i < MAX_TABS; i++) {
        try {
          return compose(text, options);
        } catch (ScannerException e) {
          var spaced = withoutTab(text, e);
          if (spaced == null) {
            throw e;
          }
          text = spaced;
        }
      }
      return compose(text, options);
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      throw new YamlException(
          reason(e),
          mark == null ? source.start() : source.position(mark.getLine(), mark.getColumn()));
    } catch (ReaderException e) {
      throw new YamlException(
          "the character U+%04X is not allowed".formatted(e.getCodePoint()),
          positionOf(source, e.getPosition()));
    } catch (YAMLException e) {
      throw new YamlException(String.valueOf(e.getMessage()), source.start());
    }
  }

  private static @Nullable Node compose(String text, LoaderOptions options) {
    return new Composer(new ParserImpl(new StreamReader(text), options), ONLY_KINDS, options)
        .getSingleNode();
  }

  /**
   * SnakeYAML rejects every tab between tokens, Kubernetes only tabs that indent. Returns the text
   * with the rejected tab as a space; null for any other error.
   */
  private static @Nullable String withoutTab(String text, ScannerException e) {
    int at = text.offsetByCodePoints(0, e.getProblemMark().getIndex());
    var line = text.substring(text.lastIndexOf('\n', at - 1) + 1, at).strip();
    return at < text.length() && text.charAt(at) == '\t' && !line.isEmpty() && !line.endsWith("-")
        ? text.substring(0, at) + ' ' + text.substring(at + 1)
        : null;
  }

  private static String reason(MarkedYAMLException e) {
    if ("expected a single document in the stream".equals(e.getContext())
        || e.getProblem().startsWith("expected '<document start>'")) {
      return "there is text after the end of the document: start a new one with a line ---";
    }
    return e.getContext() == null ? e.getProblem() : e.getProblem() + ", " + e.getContext();
  }

  private static Position positionOf(DocumentText source, int position) {
    var before = source.text().substring(0, Math.min(position, source.text().length()));
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return source.position(line, before.length() - 1 - before.lastIndexOf('\n'));
  }

  private JsonNode value(Node node, boolean inAlias, int depth) throws YamlException {
    boolean again = inAlias || !seen.add(node);
    if (again && ++valuesOfAliases > MAX_VALUES_OF_ALIASES) {
      throw new YamlException("the aliases stand for too many values", position(node));
    }
    if (node instanceof ScalarNode scalar) {
      return YamlScalars.resolve(scalar, position(node));
    }
    if (depth > MAX_NESTING) {
      throw new YamlException("the values nest too deeply", position(node));
    }
    if (!within.add(node)) {
      throw new YamlException("the anchor's value contains itself", position(node));
    }
    var value =
        switch (node) {
          case MappingNode mapping -> object(mapping, again, depth);
          case SequenceNode sequence -> {
            var array = JsonNodeFactory.instance.arrayNode();
            for (var element : sequence.getValue()) {
              array.add(value(element, again, depth + 1));
            }
            yield array;
          }
          default -> throw new IllegalStateException("no node of a document: " + node);
        };
    within.remove(node);
    return value;
  }

  private ObjectNode object(MappingNode mapping, boolean again, int depth) throws YamlException {
    var object = JsonNodeFactory.instance.objectNode();
    for (var entry : YamlEntries.of(mapping, source).entrySet()) {
      object.set(entry.getKey(), value(entry.getValue().value(), again, depth + 1));
    }
    return object;
  }

  private Position position(Node node) {
    return source.position(node.getStartMark().getLine(), node.getStartMark().getColumn());
  }
}
