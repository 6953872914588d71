package dev.gambeson.report;

import dev.gambeson.rule.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/** Lines of a text that fit a number of columns. */
public final class TextLayout {
  private static final int FEWEST_COLUMNS = 40;

  /** A word that is longer than a line is broken behind one of these. */
  private static final String BREAKS = "./,:=-[]{}\"";

  /** A file and its line: whoever follows it needs it whole. */
  private static final Pattern PLACE = Pattern.compile("[^:]*:[0-9]+[:,]?");

  private static final Set<Character.UnicodeScript> WIDE =
      Set.of(
          Character.UnicodeScript.HAN,
          Character.UnicodeScript.HANGUL,
          Character.UnicodeScript.HIRAGANA,
          Character.UnicodeScript.KATAKANA);

  private static final int FIRST_EMOJI = 0x1F300;

  private final int columns;
  private final Ansi ansi;
  private final StringBuilder text = new StringBuilder();

  /**
   * Creates an empty one.
   *
   * @param columns how many there are; a text takes at least {@value #FEWEST_COLUMNS}
   */
  public TextLayout(int columns, Ansi ansi) {
    this.columns = Math.max(FEWEST_COLUMNS, columns);
    this.ansi = ansi;
  }

  /** An empty line. */
  public void blank() {
    text.append('\n');
  }

  /** A line that is never broken. */
  public void line(String line) {
    text.append(line).append('\n');
  }

  /** A text behind a label; where it is too long for its line, the next ones begin below it. */
  public void paragraph(int indent, String label, String style, String words) {
    paragraph(indent, indent + label.length(), label, style, words);
  }

  /** The same, whose next lines have an indent of their own. */
  public void paragraph(int indent, int hanging, String label, String style, String words) {
    var lines = wrap(Violation.clean(words), columns - hanging, label.length() + indent - hanging);
    text.append(" ".repeat(indent)).append(coloured(style, label)).append(lines.getFirst());
    for (var more : lines.subList(1, lines.size())) {
      text.append('\n').append(" ".repeat(hanging)).append(more);
    }
    text.append('\n');
  }

  private String coloured(String style, String label) {
    if (!ansi.enabled() || style.isEmpty()) {
      return label;
    }
    var styles = Ansi.Style.parse(style);
    return Ansi.Style.on(styles) + label + Ansi.Style.off(styles);
  }

  /**
   * Breaks a text into lines.
   *
   * @param taken how much of the first one is taken
   */
  private static List<String> wrap(String words, int room, int taken) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    int used = taken;
    for (var word : words.split(" ", -1)) {
      int length = width(word);
      if (used > 0 && used + 1 + length > room) {
        lines.add(line.toString());
        line.setLength(0);
        used = 0;
      }
      if (!line.isEmpty()) {
        line.append(' ');
        used++;
      }
      var rest = word;
      while (width(rest) > room && !PLACE.matcher(rest).matches()) {
        int end = breakIn(rest, room);
        lines.add(rest.substring(0, end));
        rest = rest.substring(end);
      }
      line.append(rest);
      used += width(rest);
    }
    lines.add(line.toString());
    return lines;
  }

  /** Where to break a word of which only so many columns fit into a line. */
  private static int breakIn(String word, int room) {
    int end = 0;
    int good = 0;
    for (int used = 0; end < word.length(); ) {
      int character = word.codePointAt(end);
      used += width(character);
      if (used > room) {
        break;
      }
      end += Character.charCount(character);
      if (BREAKS.indexOf(character) >= 0) {
        good = end;
      }
    }
    return good > end / 2 ? good : end;
  }

  static int width(String text) {
    return text.codePoints().map(TextLayout::width).sum();
  }

  private static int width(int character) {
    if (character < FIRST_EMOJI && !WIDE.contains(Character.UnicodeScript.of(character))) {
      return Character.getType(character) == Character.NON_SPACING_MARK ? 0 : 1;
    }
    return 2;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
