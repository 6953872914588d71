package dev.gambeson.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a stream at its lines {@code ---}, as kubectl does, and JSON after each value. So an error
 * in one document does not hide the others.
 */
final class YamlSplitter {
  private final List<DocumentText> texts = new ArrayList<>();
  private final String stream;
  private int line = 1;
  private int column = 1;
  private int start;

  private YamlSplitter(String stream) {
    this.stream = stream;
  }

  static List<DocumentText> split(String stream) {
    var splitter = new YamlSplitter(stream);
    splitter.splitDocuments();
    return List.copyOf(splitter.texts);
  }

  private void splitDocuments() {
    boolean begun = false;
    for (int at = 0; at < stream.length(); at = afterLine(at)) {
      if (isSeparator(at)) {
        if (begun) {
          endDocument(at);
        }
        begun = true;
      } else {
        begun |= !isPrologue(at);
      }
    }
    if (start < stream.length()) {
      endDocument(stream.length());
    }
  }

  private void endDocument(int end) {
    var values = JsonText.ends(stream.substring(start, end));
    int from = start;
    for (int i = 0; i < values.size() - 1; i++) {
      endPart(from + values.get(i));
    }
    endPart(end);
  }

  private void endPart(int end) {
    var text = stream.substring(start, end);
    texts.add(new DocumentText(texts.size() + 1, text, new Position(line, column)));
    int lastBreak = text.lastIndexOf('\n');
    line += (int) text.chars().filter(c -> c == '\n').count();
    column =
        lastBreak < 0
            ? column + text.codePointCount(0, text.length())
            : 1 + text.codePointCount(lastBreak + 1, text.length());
    start = end;
  }

  private boolean isSeparator(int at) {
    return stream.startsWith("---", at)
        && (at + 3 == stream.length() || Character.isWhitespace(stream.charAt(at + 3)));
  }

  /** Directives, comments and blank lines belong to the document that follows. */
  private boolean isPrologue(int at) {
    char first = stream.charAt(at);
    return first == '%' || first == '#' || stream.substring(at, afterLine(at)).isBlank();
  }

  private int afterLine(int at) {
    int lineFeed = stream.indexOf('\n', at);
    return lineFeed < 0 ? stream.length() : lineFeed + 1;
  }
}
