package dev.gambeson.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.ScannerException;

/** Parses the text of a document. */
final class YamlParser {
  static final int MAX_NESTING = 200;

  private static final String SECOND_DOCUMENT =
      "there is text after the end of the document: start a new one with a line ---";
  private static final int MAX_ALIASES = 10_000;
  private static final int MAX_CODE_POINTS = 128 << 20;
  private static final int MAX_TABS = 1_000;

  private final DocumentText source;
  private final String text;
  private final ParserImpl events;
  private final Map<String, YamlNode.Anchor> anchors = new HashMap<>();
  private int aliases;
  private int depth;

  /** A code point, and its offset in the text. */
  private int codePoint;

  private int offset;

  private YamlParser(DocumentText source, String yaml) {
    this.source = source;
    text = source.text();
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_CODE_POINTS);
    events = new ParserImpl(new StreamReader(yaml), options);
  }

  /**
   * The root of a document; null if it is empty.
   *
   * @throws YamlException if it is not valid YAML
   */
  static @Nullable YamlNode parse(DocumentText source) throws YamlException {
    var yaml = JsonText.asYaml(source);
    try {
      for (int i = 0; i < MAX_TABS; i++) {
        try {
          return new YamlParser(source, yaml).document();
        } catch (ScannerException e) {
          var spaced = withoutTab(yaml, e);
          if (spaced == null) {
            throw e;
          }
          yaml = spaced;
        }
      }
      return new YamlParser(source, yaml).document();
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
    if (e.getProblem().startsWith("expected '<document start>'")) {
      return SECOND_DOCUMENT;
    }
    return e.getContext() == null ? e.getProblem() : e.getProblem() + ", " + e.getContext();
  }

  private static Position positionOf(DocumentText source, int position) {
    var before = source.text().substring(0, Math.min(position, source.text().length()));
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return source.position(line, before.length() - 1 - before.lastIndexOf('\n'));
  }

  private @Nullable YamlNode document() throws YamlException {
    events.getEvent();
    if (events.checkEvent(Event.ID.StreamEnd)) {
      return null;
    }
    events.getEvent();
    var root = node();
    events.getEvent();
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      throw new YamlException(SECOND_DOCUMENT, position(events.getEvent().getStartMark()));
    }
    return root;
  }

  private YamlNode node() throws YamlException {
    var event = (NodeEvent) events.getEvent();
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    if (depth > MAX_NESTING) {
      throw new YamlException("Nesting Depth exceeded max " + MAX_NESTING, source.start());
    }
    depth++;
    var anchor = new YamlNode.Anchor();
    if (event.getAnchor() != null) {
      anchors.put(event.getAnchor(), anchor);
    }
    var node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent sequence -> sequence(sequence);
          case MappingStartEvent mapping -> mapping(mapping);
          default -> throw new IllegalStateException("no value begins with " + event);
        };
    anchor.set(node);
    depth--;
    return node;
  }

  private YamlNode.Alias alias(AliasEvent alias) throws YamlException {
    var position = position(alias.getStartMark());
    var anchor = anchors.get(alias.getAnchor());
    if (anchor == null) {
      throw new YamlException("found undefined alias " + alias.getAnchor(), position);
    }
    if (!anchor.isScalar() && ++aliases > MAX_ALIASES) {
      throw new YamlException(
          "Number of aliases for non-scalar nodes exceeds the specified max=" + MAX_ALIASES,
          source.start());
    }
    return new YamlNode.Alias(
        offset(alias.getStartMark()), offset(alias.getEndMark()), position, anchor);
  }

  private YamlNode.Scalar scalar(ScalarEvent scalar) {
    int start = offset(scalar.getStartMark());
    boolean tagged = scalar.getTag() != null && !scalar.getTag().equals("!");
    boolean plain = scalar.getImplicit().canOmitTagInPlainScalar();
    var tag = tagged ? new Tag(scalar.getTag()) : plain ? null : Tag.STR;
    return new YamlNode.Scalar(
        start, end(scalar, start), position(scalar.getStartMark()), tag, scalar.getValue());
  }

  private YamlNode.Sequence sequence(SequenceStartEvent first) throws YamlException {
    int start = offset(first.getStartMark());
    var items = new ArrayList<YamlNode>();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      items.add(node());
    }
    var last = events.getEvent();
    boolean flow = first.getFlowStyle() == FlowStyle.FLOW;
    int end = flow ? offset(last.getEndMark()) : items.getLast().end();
    return new YamlNode.Sequence(start, end, position(first.getStartMark()), flow, items);
  }

  private YamlNode.Mapping mapping(MappingStartEvent first) throws YamlException {
    int start = offset(first.getStartMark());
    var entries = new ArrayList<YamlNode.Entry>();
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      var key = node();
      entries.add(new YamlNode.Entry(entryStart(key), key, node()));
    }
    var last = events.getEvent();
    boolean flow = first.getFlowStyle() == FlowStyle.FLOW;
    int end = flow ? offset(last.getEndMark()) : entries.getLast().end();
    return new YamlNode.Mapping(start, end, position(first.getStartMark()), flow, entries);
  }

  private int entryStart(YamlNode key) {
    int before = key.start() - 1;
    while (before >= 0 && text.charAt(before) == ' ') {
      before--;
    }
    return before >= 0 && text.charAt(before) == '?' ? before : key.start();
  }

  /**
   * For SnakeYAML, a block scalar ends where the next value starts. Here it ends with its last
   * line, before the line break; with {@code +}, blank lines belong to it.
   */
  private int end(ScalarEvent scalar, int start) {
    int end = offset(scalar.getEndMark());
    var style = scalar.getScalarStyle();
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

  /** Goes on from the mark before: counting from the start each time would be slow. */
  private int offset(Mark mark) {
    offset = text.offsetByCodePoints(offset, mark.getIndex() - codePoint);
    codePoint = mark.getIndex();
    return offset;
  }

  private Position position(Mark mark) {
    return source.position(mark.getLine(), mark.getColumn());
  }
}
