package dev.gambeson.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lines and the style of a document's text. */
final class SourceText {
  private static final int USUAL_STEP = 2;
  private static final int WIDEST_GAP = 8;

  private final String text;

  SourceText(String text) {
    this.text = text;
  }

  int length() {
    return text.length();
  }

  String substring(int start, int end) {
    return text.substring(start, end);
  }

  boolean isBlank(int start, int end) {
    return text.substring(start, end).isBlank();
  }

  boolean hasLines() {
    return text.strip().contains("\n");
  }

  int indexOf(char wanted, int from) {
    return text.indexOf(wanted, from);
  }

  int startOfLine(int at) {
    return text.lastIndexOf('\n', at - 1) + 1;
  }

  /** Where the line starts, or the first of the comment lines right above it. */
  int startWithComments(int at) {
    int start = startOfLine(at);
    while (start > 0) {
      int above = startOfLine(start - 1);
      if (text.charAt(endOfBlanks(above)) != '#') {
        break;
      }
      start = above;
    }
    return start;
  }

  /** The offset of the line break, or the end of the text. */
  int endOfLine(int at) {
    int lineFeed = text.indexOf('\n', at);
    if (lineFeed < 0) {
      return text.length();
    }
    return lineFeed > at && text.charAt(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
  }

  int startOfNextLine(int at) {
    int lineFeed = text.indexOf('\n', at);
    return lineFeed < 0 ? text.length() : lineFeed + 1;
  }

  int endOfBlanks(int at) {
    int end = at;
    while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return end;
  }

  int column(int at) {
    return at - startOfLine(at);
  }

  boolean startsLine(int at) {
    return isBlank(startOfLine(at), at);
  }

  int indentOfLine(int at) {
    int start = startOfLine(at);
    return endOfBlanks(start) - start;
  }

  /** Where the value itself starts, after its anchor and tag. */
  int afterProperties(int start) {
    int at = start;
    while (text.charAt(at) == '&' || text.charAt(at) == '!') {
      while (!Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      at = skipBlanksAndComments(at);
    }
    return at;
  }

  /** Where the dashes of a list in block style are. */
  List<Integer> dashes(YamlNode.Sequence sequence) {
    var dashes = new ArrayList<Integer>();
    int at = afterProperties(sequence.start());
    for (var item : sequence.items()) {
      dashes.add(skipBlanksAndComments(at));
      at = item.end();
    }
    return dashes;
  }

  /** The distance between a dash and its element. */
  int gap(int dash, YamlNode item) {
    int gap = item.start() - dash;
    boolean usual = item.end() > item.start() && endOfLine(dash) > item.start();
    return usual && gap <= WIDEST_GAP ? gap : 2;
  }

  /**
   * If the text ends with a block scalar without {@code -}: where that indicator would be. -1
   * otherwise.
   */
  int openScalar(YamlNode root) {
    if (!(lastLine(root) instanceof YamlNode.Scalar last)
        || last.end() < text.length()
        || last.start() == last.end()) {
      return -1;
    }
    int start = afterProperties(last.start());
    char style = text.charAt(start);
    boolean block = style == '|' || style == '>';
    boolean strips = substring(start, endOfLine(start)).split("#", 2)[0].contains("-");
    return block && !strips ? start + 1 : -1;
  }

  /** The last value in block style. */
  private static YamlNode lastLine(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping mapping when !mapping.flow() ->
          lastLine(mapping.entries().getLast().value());
      case YamlNode.Sequence sequence when !sequence.flow() -> lastLine(sequence.items().getLast());
      default -> node;
    };
  }

  /** The style of this text, from its first collections. */
  ValueText style(YamlNode root) {
    int lineFeed = text.indexOf('\n');
    var lineBreak = lineFeed > 0 && text.charAt(lineFeed - 1) == '\r' ? "\r\n" : "\n";
    boolean json =
        switch (root) {
          case YamlNode.Mapping mapping -> mapping.flow();
          case YamlNode.Sequence sequence -> sequence.flow();
          default -> false;
        };
    var step = firstStep(root, false);
    var listStep = firstStep(root, true);
    return new ValueText(
        lineBreak,
        step == null || step <= 0 ? USUAL_STEP : step,
        listStep == null ? 0 : listStep,
        json);
  }

  private @Nullable Integer firstStep(YamlNode node, boolean list) {
    return switch (node) {
      case YamlNode.Mapping mapping -> {
        for (var entry : mapping.entries()) {
          var step = step(entry, list);
          if (step == null) {
            step = firstStep(entry.value(), list);
          }
          if (step != null) {
            yield step;
          }
        }
        yield null;
      }
      case YamlNode.Sequence sequence ->
          sequence.items().stream()
              .flatMap(item -> Stream.ofNullable(firstStep(item, list)))
              .findFirst()
              .orElse(null);
      default -> null;
    };
  }

  /** How far the value of an entry is indented; null if it is not a collection on its own lines. */
  private @Nullable Integer step(YamlNode.Entry entry, boolean list) {
    int start =
        switch (entry.value()) {
          case YamlNode.Sequence sequence when list && !sequence.flow() ->
              dashes(sequence).getFirst();
          case YamlNode.Mapping mapping when !list && !mapping.flow() ->
              mapping.entries().getFirst().start();
          case YamlNode.Mapping mapping
              when !list && mapping.flow() && !mapping.entries().isEmpty() ->
              mapping.entries().getFirst().start();
          default -> -1;
        };
    if (start < 0 || !startsLine(start)) {
      return null;
    }
    return column(start) - column(entry.start());
  }

  private int skipBlanksAndComments(int from) {
    int at = from;
    while (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '#') {
      at = text.charAt(at) == '#' ? endOfLine(at) : at + 1;
    }
    return at;
  }
}
