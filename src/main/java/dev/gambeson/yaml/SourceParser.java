package dev.gambeson.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Finds the position of every value of a document, including aliases. */
final class SourceParser {
  private final String text;
  private final ParserImpl events;
  private final boolean oneCharacterPerCodePoint;
  private final Map<String, SourceNode> anchors = new HashMap<>();
  private final IdentityHashMap<SourceNode, ScalarEvent> scalars = new IdentityHashMap<>();
  private final Position position;

  private SourceParser(DocumentText source) throws YamlException {
    text = source.text();
    position = source.start();
    oneCharacterPerCodePoint = text.codePointCount(0, text.length()) == text.length();
    var options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    events = new ParserImpl(new StreamReader(JsonText.asYaml(source)), options);
  }

  /** The root of a document that {@link YamlReader} has read; null if it is empty. */
  static @Nullable SourceNode parse(DocumentText source) throws YamlException {
    var parser = new SourceParser(source);
    for (var event = parser.events.getEvent();
        !(event instanceof StreamEndEvent) && !(event instanceof DocumentEndEvent);
        event = parser.events.getEvent()) {
      if (event instanceof NodeEvent node) {
        return parser.node(node);
      }
    }
    return null;
  }

  private SourceNode node(Event event) throws YamlException {
    return switch (event) {
      case AliasEvent alias ->
          new SourceNode.Alias(
              offset(alias.getStartMark()), offset(alias.getEndMark()), target(alias));
      case ScalarEvent scalar -> {
        var node = new SourceNode.Scalar(offset(scalar.getStartMark()), end(scalar));
        scalars.put(node, scalar);
        yield anchored(scalar, node);
      }
      case SequenceStartEvent sequence -> sequence(sequence);
      case MappingStartEvent mapping -> mapping(mapping);
      default -> throw new IllegalStateException("no value begins with " + event);
    };
  }

  private SourceNode sequence(SequenceStartEvent first) throws YamlException {
    var items = new ArrayList<SourceNode>();
    Event event = events.getEvent();
    for (; !(event instanceof SequenceEndEvent); event = events.getEvent()) {
      items.add(node(event));
    }
    int start = offset(first.getStartMark());
    boolean flow = first.getFlowStyle() == FlowStyle.FLOW;
    int end = flow ? offset(event.getEndMark()) : items.getLast().end();
    return anchored(first, new SourceNode.Sequence(start, end, flow, items));
  }

  private SourceNode mapping(MappingStartEvent first) throws YamlException {
    var entries = new ArrayList<SourceNode.Entry>();
    Event event = events.getEvent();
    for (; !(event instanceof MappingEndEvent); event = events.getEvent()) {
      var key = node(event);
      entries.add(new SourceNode.Entry(entryStart(key), name(key), key, node(events.getEvent())));
    }
    int start = offset(first.getStartMark());
    boolean flow = first.getFlowStyle() == FlowStyle.FLOW;
    int end = flow ? offset(event.getEndMark()) : entries.getLast().end();
    return anchored(first, new SourceNode.Mapping(start, end, flow, entries));
  }

  private int entryStart(SourceNode key) {
    int before = key.start() - 1;
    while (before >= 0 && text.charAt(before) == ' ') {
      before--;
    }
    return before >= 0 && text.charAt(before) == '?' ? before : key.start();
  }

  private @Nullable String name(SourceNode key) throws YamlException {
    var scalar = scalars.get(key instanceof SourceNode.Alias alias ? alias.target() : key);
    if (scalar == null) {
      throw new IllegalStateException("a document that was read has scalar keys only");
    }
    boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN && scalar.getTag() == null;
    if (plain && scalar.getValue().equals("<<")) {
      return null;
    }
    var tag =
        plain ? YamlReader.PLAIN : scalar.getTag() == null ? Tag.STR : new Tag(scalar.getTag());
    var node =
        new ScalarNode(
            tag,
            scalar.getValue(),
            scalar.getStartMark(),
            scalar.getEndMark(),
            scalar.getScalarStyle());
    return YamlScalars.resolve(node, position).asText();
  }

  private SourceNode anchored(NodeEvent event, SourceNode node) {
    if (event.getAnchor() != null) {
      anchors.put(event.getAnchor(), node);
    }
    return node;
  }

  private SourceNode target(AliasEvent alias) {
    var target = anchors.get(alias.getAnchor());
    if (target == null) {
      throw new IllegalStateException("a document that was read has no alias without anchor");
    }
    return target;
  }

  /**
   * For SnakeYAML, a block scalar ends where the next value starts. Here it ends with its last
   * line, before the line break; with {@code +}, blank lines belong to it.
   */
  private int end(ScalarEvent scalar) {
    int end = offset(scalar.getEndMark());
    var style = scalar.getScalarStyle();
    int start = offset(scalar.getStartMark());
    if (style == ScalarStyle.DOUBLE_QUOTED && text.charAt(start) == '"') {
      return endOfQuotes(start);
    }
    if (style != ScalarStyle.LITERAL && style != ScalarStyle.FOLDED) {
      return end;
    }
    boolean keep = text.substring(start, end).lines().findFirst().orElse("").contains("+");
    if (!keep) {
      return start + text.substring(start, end).stripTrailing().length();
    }
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    if (text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /** SnakeYAML does not know the escaped slash of JSON, so its end of the string is wrong. */
  private int endOfQuotes(int start) {
    int at = start + 1;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private int offset(Mark mark) {
    return oneCharacterPerCodePoint ? mark.getIndex() : text.offsetByCodePoints(0, mark.getIndex());
  }
}
